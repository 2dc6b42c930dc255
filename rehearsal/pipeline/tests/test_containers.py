"""The exact commands of a job's containers."""

from pathlib import Path

import pytest

from rehearsal.pipeline import containers
from rehearsal.pipeline.containers import Run
from tools.circleci.config import Container, Job, Stage, Step

REMOTE = Path("/somewhere/remote.git")
POSTGRES = Container("cimg/postgres:16.10", {"POSTGRES_PASSWORD": "letmein"})


def run_of(*, services=(), steps=(), secrets=None, node=0, parallelism=1):
    python = Container("cimg/python:3.13", {"FROM_CONTAINER": "1", "BOTH": "container"})
    kinds = tuple(Step(kind, kind) for kind in steps)
    job = Job("test", (python, *services), {"BOTH": "job"}, parallelism, kinds)
    stage = Stage("test", job, (), (), (), (), "")
    return Run("1a2b", 7, stage, node, "c" * 40, "main", secrets or {})


@pytest.fixture
def socket(tmp_path, monkeypatch):
    path = tmp_path / "docker.sock"
    path.touch()
    monkeypatch.setattr(containers, "SOCKET", str(path))
    return path


def primary(run, variables=None):
    return containers.primary(run, "role:python", REMOTE, variables or {})


def test_a_job_with_services_has_a_network_of_its_own():
    run = run_of(services=[POSTGRES])
    assert "host" not in primary(run)
    argv = containers.service(run, 1, POSTGRES, "role:postgres")
    assert argv[:4] == ["run", "--detach", "--name", "oc-rehearsal-1a2b-7-test-0-1"]
    assert "container:oc-rehearsal-1a2b-7-test-0" in argv
    assert argv[-3:] == ["--env", "POSTGRES_PASSWORD", "role:postgres"]


def test_a_job_without_services_reaches_what_stands_for_the_accounts():
    argv = primary(run_of())
    assert argv[argv.index("--network") + 1] == "host"


def test_the_engine_is_for_those_who_ask_for_it(socket):
    assert not any("docker.sock" in word for word in primary(run_of(steps=["checkout"])))
    argv = primary(run_of(steps=["checkout", "setup_remote_docker"]))
    assert f"{socket}:{socket}" in argv and str(socket.stat().st_gid) in argv


def test_no_value_is_on_a_command_line():
    secrets = {"HEROKU_API_KEY": "very-secret"}
    run = run_of(secrets=secrets, services=[POSTGRES])
    variables = containers.environment(run, {})
    words = primary(run, variables) + containers.service(run, 1, POSTGRES, "role:postgres")
    assert "HEROKU_API_KEY" in words
    assert not any("very-secret" in word or "letmein" in word for word in words)


def test_variables_are_circlecis_and_then_the_more_particular_ones():
    run = run_of(secrets={"TOKEN": "t"}, node=1, parallelism=2)
    variables = containers.environment(run, {"BASE_IMAGE": "our/base", "HOME": "/root"})
    assert variables["CIRCLE_SHA1"] == "c" * 40
    assert (variables["CIRCLE_NODE_INDEX"], variables["CIRCLE_NODE_TOTAL"]) == ("1", "2")
    assert (variables["TOKEN"], variables["FROM_CONTAINER"], variables["BOTH"]) == (
        "t",
        "1",
        "job",
    )
    assert variables["BASE_IMAGE"] == "our/base"
    assert "HOME" not in variables


def test_what_this_machine_trusts_the_job_trusts(tmp_path):
    certificate = tmp_path / "ca.pem"
    certificate.touch()
    run = run_of()
    variables = containers.environment(run, {"SSL_CERT_FILE": str(certificate)})
    assert f"{certificate}:{certificate}:ro" in primary(run, variables)


def test_what_a_job_starts_itself_is_marked_apart_from_the_rehearsals_servers():
    mark = containers.environment(run_of(), {})["REHEARSAL_RUN"]
    assert mark == containers.of_jobs("1a2b") != "1a2b"


def test_a_step_is_run_by_circlecis_shell():
    argv = containers.step(run_of(), "bin/lint")
    assert argv[-5:] == ["/bin/bash", "-eo", "pipefail", "-c", "bin/lint"]


def test_all_containers_are_removed():
    argv = containers.remove(run_of(services=[POSTGRES]))
    assert argv[-2:] == ["oc-rehearsal-1a2b-7-test-0-1", "oc-rehearsal-1a2b-7-test-0"]
