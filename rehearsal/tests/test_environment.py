"""The apps' names come from the workflow file; a fault in it is one line."""

import pytest

from rehearsal.environment import PRODUCTION, ROOT, STAGING, apps

FILE = ROOT / ".circleci" / "config.yml"


def test_the_apps_are_those_of_the_workflow():
    assert apps(FILE) == (STAGING, PRODUCTION) == ("oc-lettings-staging", "oc-lettings-production")


@pytest.mark.parametrize(
    "old, new, words",
    [
        (
            "setup_remote_docker:",
            "setup_docker:",
            "commands.build-image.steps[1] is 'setup_docker'",
        ),
        ("PRODUCTION_APP:", "PROD_APP:", "promote-production has to have STAGING_APP and"),
        ("promote-production", "promote", "promote-production has to have STAGING_APP and"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path, old, new, words):
    changed = tmp_path / "config.yml"
    changed.write_text(FILE.read_text().replace(old, new))
    with pytest.raises(SystemExit) as end:
        apps(changed)
    said = str(end.value)
    assert said.startswith(f"rehearse: .circleci/config.yml: {words}") and "\n" not in said
