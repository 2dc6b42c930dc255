"""Every role is a stage of the one Dockerfile, and is built as told."""

import re

import pytest

from rehearsal import roles


def test_each_role_is_a_stage_and_each_stage_a_role():
    text = (roles.FOLDER / "Dockerfile").read_text()
    stages = re.findall(r"^FROM \S+ AS (\w+)", text, re.MULTILINE)
    assert tuple(stages) == ("debian", *roles.ROLES, *roles.ON_DEMAND)


def test_a_build_names_its_base_and_its_secrets():
    assert roles.command("sentry", "base:1", ["--secret", "id=ca,src=/ca"], no_cache=True) == [
        *("build", "--target", "sentry", "--tag", "oc-rehearsal/role:sentry"),
        *("--secret", "id=ca,src=/ca", "--build-arg", "BASE_IMAGE=base:1", "--no-cache"),
        str(roles.FOLDER),
    ]


def test_an_unknown_role_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no role 'mysql'; there are python, postgres, redis"):
        roles.image("mysql")


def test_what_bugsink_needs_is_locked_with_hashes():
    folder = roles.FOLDER / "sentry"
    wanted = (folder / "requirements.in").read_text().strip()
    locked = (folder / "requirements.txt").read_text()
    assert f"\n{wanted} \\\n    --hash=sha256:" in locked
