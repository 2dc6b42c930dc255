"""What a step does in a job's container; a fake docker runs everything on this machine."""

import threading
from dataclasses import replace

import pytest

from deploy.image import docker
from rehearsal.pipeline import containers
from rehearsal.pipeline.containers import Run
from rehearsal.pipeline.job import Machine, Node
from tools.circleci.model import Container, Job, Stage, Step

# `docker exec` without the container; what else is asked of docker is done.
DOCKER = """#!/bin/bash
[ "$1" = exec ] || exit 0
shift
while [[ $1 == -* ]]; do
    case $1 in
    --workdir) cd "$2" && shift ;;
    --env) shift ;;
    esac
    shift
done
shift
exec "$@"
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """What all jobs share; the container's folder is ``work``, and where the test is."""
    program = tmp_path / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    for name in ("work", "caches", "1"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(docker, "find_docker", lambda: str(program))
    return Machine({"cimg/python": "role:python"}, tmp_path, tmp_path / "caches", threading.Lock())


@pytest.fixture
def carried_out(machine, tmp_path):
    """Return a function that runs steps and returns whether all went well, and what was said."""

    def carried_out(*steps, name="one", upstream=(), **of_job):
        ran = replace(Job(name, (Container("cimg/python:3.13"),), {}, 1, steps), **of_job)
        run = Run("1a2b", 1, Stage(name, ran), 0, "c" * 40, "main", {}, upstream)
        node = Node(machine, run, tmp_path / "1")
        good = node.carry_out()
        return good, (tmp_path / "1" / run.log).read_text()

    return carried_out


def says(words, **more):
    """Return a step that says something."""
    return Step("run", words, command=f"echo {words}", **more)


FAILS = Step("run", "Fail", command="exit 3")


@pytest.mark.parametrize(
    "when, well, badly", [("on_success", 1, 0), ("on_fail", 0, 1), ("always", 1, 1)]
)
def test_a_step_runs_when_it_says(carried_out, when, well, badly):
    good, said = carried_out(says("hello", when=when))
    assert good and said.count("\nhello\n") == well
    good, said = carried_out(FAILS, says("hello", when=when))
    assert not good and said.count("\nhello\n") == badly
    assert "== failed: Fail: exit code 3" in said


def test_a_step_has_its_own_folder_shell_and_variables(carried_out, tmp_path):
    step = Step(
        *("run", "All", "echo $0 $PLACE $PWD"),
        **{"working_directory": str(tmp_path / "caches"), "shell": "/bin/sh -e"},
        environment={"PLACE": "here"},
    )
    assert f"\n/bin/sh here {tmp_path}/caches\n" in carried_out(step)[1]


def test_a_jobs_shell_is_that_of_its_steps(carried_out):
    assert "\n/bin/sh\n" in carried_out(says("$0"), shell="/bin/sh")[1]


def test_a_workspace_brings_what_came_before_and_nothing_else(carried_out, tmp_path):
    keep = Step("persist_to_workspace", "keep", path=".", paths=("buil*",))
    built = tmp_path / "work" / "built"
    for name in ("one", "two", "beside"):
        built.write_text(name)
        assert carried_out(keep, name=name)[0]
    built.unlink()
    attach = Step("attach_workspace", "attach", path=str(tmp_path / "attached"))
    good, said = carried_out(attach, name="three", upstream={"one", "two"})
    assert good and "Attached what two kept." in said and "beside" not in said
    assert (tmp_path / "attached" / "built").read_text() == "two"


def test_a_cache_is_written_once_and_found_again(carried_out, tmp_path):
    kept = tmp_path / "work" / "kept"
    save = Step("save_cache", "save", keys=('a-{{ checksum "lock" }}',), paths=("kept",))
    (tmp_path / "work" / "lock").write_text("one")
    for text in ("first", "second"):
        kept.write_text(text)
        assert carried_out(save)[0]
    restore = Step("restore_cache", "restore", keys=save.keys)
    assert carried_out(restore)[0] and kept.read_text() == "first"


def test_a_cache_of_a_file_that_is_not_there_fails_the_step(carried_out):
    good, said = carried_out(Step("restore_cache", "restore", keys=('{{ checksum "no" }}',)))
    assert not good and "names no, which is not there" in said


def test_what_is_stored_goes_where_the_step_says(carried_out, tmp_path):
    (tmp_path / "work" / "report").write_text("all well")
    assert carried_out(Step("store_artifacts", "s", path="report", destination="a/b"))[0]
    assert (tmp_path / "1" / "one-0" / "a" / "b" / "report").read_text() == "all well"


def test_the_engine_that_is_asked_for_and_the_size_are_told(carried_out, monkeypatch, tmp_path):
    # A machine that runs the tests may have no engine.
    monkeypatch.setattr(containers, "SOCKET", str(tmp_path))
    step = Step("setup_remote_docker", "engine", version="docker28")
    good, said = carried_out(step, resource_class="large")
    assert good and "docker28" in said and "== Spin up cimg/python:3.13 (large)" in said


def test_the_working_directory_is_the_containers():
    ran = Job("a", (Container("cimg/python:3.13"),), {}, 1, (), working_directory="/srv/app")
    run = Run("1a2b", 1, Stage("a", ran), 0, "c" * 40, "main")
    argv = containers.primary(run, "role:python", containers.Path("/remote"), {})
    assert argv[argv.index("--workdir") + 1] == "/srv/app"
    assert any(word.startswith("/srv/app:exec") for word in argv)
    assert containers.environment(run, {})["CIRCLE_WORKING_DIRECTORY"] == "/srv/app"
