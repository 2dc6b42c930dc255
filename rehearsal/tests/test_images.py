"""Every role is a stage of the one Dockerfile, and is built as told."""

import re

import pytest

from rehearsal import images


def test_each_role_is_a_stage_and_each_stage_a_role():
    text = (images.FOLDER / "Dockerfile").read_text()
    stages = re.findall(r"^FROM \S+ AS (\w+)", text, re.MULTILINE)
    assert tuple(stages) == ("debian", *images.ROLES, *images.ON_DEMAND)


def test_a_build_names_its_base_and_its_secrets():
    assert images.command("sentry", "base:1", ["--secret", "id=ca,src=/ca"], no_cache=True) == [
        *("build", "--target", "sentry", "--tag", "oc-rehearsal/role:sentry"),
        *("--secret", "id=ca,src=/ca", "--build-arg", "BASE_IMAGE=base:1", "--no-cache"),
        str(images.FOLDER),
    ]


def test_an_unknown_role_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no role 'mysql'; there are python, postgres, redis"):
        images.image("mysql")


def test_what_bugsink_needs_is_locked_with_hashes():
    folder = images.FOLDER / "sentry"
    wanted = (folder / "requirements.in").read_text().strip()
    locked = (folder / "requirements.txt").read_text()
    assert f"\n{wanted} \\\n    --hash=sha256:" in locked
