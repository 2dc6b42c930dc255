"""The workflow as it stands: CircleCI takes it, and it keeps its promises."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.circleci import plan
from tools.circleci.config import read
from tools.circleci.plan import chosen

from .schemas import validated

ROOT = Path(__file__).parents[3]
FILE = ROOT / ".circleci" / "config.yml"
WORKFLOW = read(FILE)
STAGES = {stage.name: stage for stage in WORKFLOW.stages}
JOBS = {stage.name: stage.job for stage in WORKFLOW.stages if stage.job}
# What CircleCI calls the branch of a fork's pull request.
FORK = "pull/7"


def commands(name):
    """Return the commands of a stage's job, without the set-up that all share."""
    lines = [step.command for step in JOBS[name].steps if step.kind == "run"]
    return [line for line in lines if line not in ("bin/setup", "bin/setup deploy")]


def before(name):
    """Return the names of all stages that come before one."""
    return plan.before(name, WORKFLOW.stages)


def test_circleci_takes_it():
    assert validated("vendor.circle-ci", FILE) == (0, "ok -- validation done\n")


def test_the_schema_would_find_a_fault(tmp_path):
    broken = tmp_path / "config.yml"
    broken.write_text(FILE.read_text().replace("parallelism: 2", "parallelism: [2]"))
    code, said = validated("vendor.circle-ci", broken)
    assert code == 1 and "parallelism" in said


@pytest.mark.parametrize(
    "branch, expected",
    [
        (
            "main",
            "lint test image push release-staging approve-production promote-production sentry",
        ),
        ("a-topic", "lint test image-unpushed"),
        (FORK, "lint test image-unpushed"),
    ],
)
def test_what_a_push_sets_off(branch, expected):
    assert [stage.name for stage in chosen(WORKFLOW, branch)] == expected.split()


def test_the_order():
    assert before("image") == before("image-unpushed") == set()
    assert before("push") == {"lint", "test", "image"}
    assert STAGES["release-staging"].requires == ("push",)
    assert STAGES["approve-production"].requires == ("release-staging",)
    assert STAGES["promote-production"].requires == ("approve-production",)
    assert STAGES["sentry"].requires == ("promote-production",)


def test_an_approval_and_a_look_at_staging_come_before_production():
    approvals = {name for name, stage in STAGES.items() if stage.job is None}
    for name in JOBS:
        if any(line.startswith("bin/promote") for line in commands(name)):
            assert approvals & before(name)
            looked = "bin/smoke heroku:$STAGING_APP --commit $CIRCLE_SHA1"
            assert looked in sum((commands(each) for each in before(name) & set(JOBS)), [])


def test_each_job_sees_the_secrets_it_needs_and_no_other():
    assert {name: set(stage.contexts) for name, stage in STAGES.items() if stage.contexts} == {
        "push": {"docker-hub"},
        "release-staging": {"docker-hub", "heroku"},
        "promote-production": {"heroku"},
        "sentry": {"heroku", "sentry"},
    }


@pytest.mark.parametrize("branch", [FORK, "a-topic"])
def test_no_secret_is_reached_from_outside_main(branch):
    for stage in chosen(WORKFLOW, branch):
        assert stage.contexts == ()


def test_only_main_pushes_and_releases():
    reaching_out = ("bin/image push", "bin/release", "bin/promote", "bin/sentry", "bin/rollback")
    for name in JOBS:
        if STAGES[name].contexts or any(line.startswith(reaching_out) for line in commands(name)):
            assert STAGES[name].only == ("main",), name


def test_releases_stand_in_line():
    groups = {name: stage.serial_group for name, stage in STAGES.items() if stage.serial_group}
    assert groups == {
        "release-staging": "oc-lettings/staging",
        "promote-production": "oc-lettings/production",
    }


def test_what_follows_a_serial_group_begins_by_asking_for_this_commit():
    """CircleCI has changed what starts after a job of a group that failed or was overtaken.

    bin/promote asks what staging runs: an approval may also come late.
    """
    assert [s.name for s in STAGES.values() if "release-staging" in s.requires] == [
        "approve-production"
    ]
    approved = [s.name for s in STAGES.values() if "approve-production" in s.requires]
    assert approved == ["promote-production"]
    (promote,) = commands("promote-production")
    assert promote == "bin/promote $STAGING_APP $PRODUCTION_APP --commit $CIRCLE_SHA1"
    (live,) = [s.name for s in STAGES.values() if "promote-production" in s.requires]
    assert commands(live)[0] == "bin/smoke heroku:$PRODUCTION_APP --commit $CIRCLE_SHA1"
    assert not STAGES[live].serial_group


def test_a_release_ends_with_a_look_at_the_site():
    *_, last = commands("release-staging")
    assert last == "bin/smoke heroku:$STAGING_APP --commit $CIRCLE_SHA1"


def test_every_verb_is_a_program():
    for name in JOBS:
        for line in ["bin/setup", *commands(name)]:
            if line.split()[0] != "dockerize":
                program = ROOT / line.split()[0]
                assert program.is_file() and os.access(program, os.X_OK), line


def test_the_image_is_built_and_checked_on_every_branch():
    built = ["bin/image build", "bin/image check"]
    assert commands("image-unpushed") == built
    assert commands("image") == [*built, "bin/image save /tmp/workspace/image.tar"]


def test_what_is_pushed_is_what_was_checked():
    keep, take = (
        next(step for step in JOBS[name].steps if step.kind == kind)
        for name, kind in (("image", "persist_to_workspace"), ("push", "attach_workspace"))
    )
    file = f"{take.path}/{keep.paths[0]}"
    assert keep.path == take.path
    assert commands("image")[-1] == f"bin/image save {file}"
    assert commands("push") == [f"bin/image load {file}", "bin/image push main"]


def test_what_has_no_secret_keeps_its_requirements_by_the_lock():
    for name in ("lint", "test"):
        restore, save = (
            next(step for step in JOBS[name].steps if step.kind == kind)
            for kind in ("restore_cache", "save_cache")
        )
        assert restore.keys == save.keys
        assert '{{ checksum "requirements-dev.txt" }}' in save.keys[0]
        assert save.paths == (".venv",)


def test_what_has_secrets_installs_what_a_release_needs_and_takes_no_cache():
    for name, job in JOBS.items():
        if STAGES[name].contexts:
            assert job.steps[0].kind == "checkout"
            if name != "push":  # bin/image needs nothing but Python
                assert job.steps[1].command == "bin/setup deploy", name
            assert "bin/setup" not in [step.command for step in job.steps]
            assert not {"restore_cache", "save_cache"} & {step.kind for step in job.steps}, name


def test_the_engine_is_of_a_version_whose_images_heroku_takes():
    # A new engine's store writes OCI manifests from 29 on:
    # https://github.com/heroku/cli/issues/3222
    engines = [
        step for job in JOBS.values() for step in job.steps if step.kind == "setup_remote_docker"
    ]
    assert engines
    for engine in engines:
        assert re.fullmatch(r"docker2[5-8]", engine.version)


def test_what_runs_docker_has_an_engine():
    for name, job in JOBS.items():
        docker = any(line.startswith("bin/image ") for line in commands(name))
        assert has_engine(job) == docker, name


def has_engine(job):
    """Return whether a job asks for an engine: a machine of its own, which takes a while."""
    return "setup_remote_docker" in [step.kind for step in job.steps]


def test_the_tests_reach_the_services_beside_them():
    job = JOBS["test"]
    services = {container.role: container for container in job.containers}
    assert set(services) == {"python", "postgres", "redis"}
    url = urlsplit(job.environment["DATABASE_URL"])
    assert services["postgres"].environment == {
        "POSTGRES_USER": url.username,
        "POSTGRES_PASSWORD": url.password,
        "POSTGRES_DB": url.path[1:],
    }
    assert url.hostname == urlsplit(job.environment["TEST_REDIS_URL"]).hostname == "127.0.0.1"
    assert job.parallelism == 2


def test_the_tests_begin_once_the_services_answer():
    *waits, tests = commands("test")
    job = JOBS["test"]
    urls = (job.environment["DATABASE_URL"], job.environment["TEST_REDIS_URL"])
    assert waits == [
        f"dockerize -wait tcp://{url.hostname}:{url.port} -timeout 1m"
        for url in map(urlsplit, urls)
    ]
    assert tests == "bin/test-part"


def test_the_tests_leave_behind_what_is_stored():
    program = (ROOT / "bin" / "test-part").read_text()
    stored = [step.path for step in JOBS["test"].steps if step.kind.startswith("store_")]
    assert stored == ["test-results", "coverage.xml"]
    for path in stored:
        assert path in program


def test_every_test_falls_to_one_part(tmp_path):
    files = {"a/test_one.py", "a/tests/test_two.py", "b/test_three.py", "b/test_four.py"}
    for name in files | {"a/helper.py", "bin/setup", ".venv/bin/coverage", "c/test_no.py"}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('#!/bin/sh\n[ "$2" != -m ] || echo "$@" >>ran\n')
        (tmp_path / name).chmod(0o755)
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\ntestpaths = a b\n")
    shutil.copy(ROOT / "bin" / "test-part", tmp_path / "bin")
    parts = []
    for index in range(5):
        (tmp_path / "ran").write_text("")
        variables = {"CIRCLE_NODE_INDEX": str(index), "CIRCLE_NODE_TOTAL": "3"}
        if index > 2:  # the last two: of more containers than files
            variables = {"CIRCLE_NODE_INDEX": str(index), "CIRCLE_NODE_TOTAL": "9"}
        subprocess.run([tmp_path / "bin" / "test-part"], env=os.environ | variables, check=True)
        parts.append(re.findall(r"\S+/test_\w+\.py", (tmp_path / "ran").read_text()))
    assert sorted(sum(parts[:3], [])) == sorted(files)
    assert len(parts[3]) == 1 and parts[4] == []


RELEASING = [
    (name, line)
    for name, job in JOBS.items()
    for line in commands(name)
    if line.startswith(("bin/release ", "bin/promote ", "bin/smoke ", "bin/sentry-"))
]


@pytest.mark.parametrize("name, line", RELEASING)
def test_each_verb_understands_its_words(name, line):
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    kept = {k: v for k, v in os.environ.items() if k.startswith(("PATH", "HOME", "COVERAGE_"))}
    environment = {**kept, **JOBS[name].environment, "CIRCLE_SHA1": head.stdout.strip()}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{line} --dry-run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    calls = re.search(r"(?m)^[\s+]*docker ", done.stdout + done.stderr)
    assert has_engine(JOBS[name]) == bool(calls)
