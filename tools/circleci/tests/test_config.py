"""The reader: what it gives, and that nothing is skipped."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.circleci.config import Container, Stage, Step, Unread, read
from tools.circleci.model import ENDS

from .full_config import WHOLE, changed

ROOT = Path(__file__).parents[3]


def test_what_is_read_is_what_stands_there(reading):
    workflow = reading(WHOLE)
    test, hold, release = workflow.stages
    assert workflow.name == "delivery"
    assert test.job.containers == (
        Container("cimg/python:3.13"),
        Container("cimg/postgres:16.10", {"POSTGRES_USER": "u"}),
    )
    assert [container.role for container in test.job.containers] == ["python", "postgres"]
    assert (test.job.parallelism, release.job.parallelism) == (2, 1)
    assert test.job.environment == {"DATABASE_URL": "postgres://u@127.0.0.1/u"}
    assert release.job.environment == {"APP": "one", "MORE": "two"}
    assert hold == Stage("hold", None, requires=("test",))
    assert release.contexts == ("heroku",)
    assert (release.only, release.ignore) == (("main",), ("/wip.*/",))
    assert release.serial_group == "one"


def test_commands_are_unfolded_in_their_place(reading):
    test = reading(WHOLE).stages[0].job
    assert test.steps == (
        Step("checkout", "checkout"),
        Step("run", "Set up", command="bin/setup"),
        Step("restore_cache", "restore_cache", keys=("a-{{ arch }}",)),
        Step("save_cache", "save_cache", keys=("a-{{ arch }}",), paths=(".venv",)),
        Step("store_artifacts", "store_artifacts", path="coverage.xml", when="always"),
        Step("store_test_results", "store_test_results", path="test-results", when="always"),
    )


@pytest.mark.parametrize(
    "place, value, where",
    [
        ("version", 2, "version"),
        ("orbs", {}, "orbs"),
        ("jobs", None, "jobs"),
        ("jobs", [], "jobs"),
        ("jobs/test/resource_clas", "large", "jobs.test.resource_clas"),
        ("jobs/test/parallelism", "2", "jobs.test.parallelism"),
        ("jobs/test/parallelism", True, "jobs.test.parallelism"),
        ("jobs/test/executor", "python", "jobs.test"),
        ("jobs/release/executor", "pyton", "jobs.release.executor"),
        ("jobs/test/steps", [], "jobs.test.steps"),
        ("jobs/test/environment/PORT", 80, "jobs.test.environment.PORT"),
        ("jobs/test/docker/0/image", "cimg/node:22.1", "jobs.test.docker[0].image"),
        ("jobs/test/docker/0/image", "cimg/redis:7.4", "jobs.test.docker[0].image"),
        ("jobs/test/docker/1/image", "cimg/python:3.13", "jobs.test.docker[1].image"),
        ("jobs/test/docker/1/command", "x", "jobs.test.docker[1].command"),
        ("jobs/test/steps/0", "prepair", "jobs.test.steps[0]"),
        ("jobs/test/steps/1", {"when": {}}, "jobs.test.steps[1]"),
        ("jobs/test/steps/1", {"run": "make test"}, "jobs.test.steps[1].run.command"),
        ("jobs/test/steps/1", ["checkout"], "jobs.test.steps[1]"),
        ("jobs/test/steps/1", {"checkout": None, "run": "bin/x"}, "jobs.test.steps[1]"),
        ("jobs/test/steps/0", {"prepare": {"to": "x"}}, "jobs.test.steps[0].prepare"),
        ("jobs/test/steps/2/save_cache/when", "later", "jobs.test.steps[2].save_cache.when"),
        ("jobs/test/steps/2/save_cache/key", "{{ epoch }}", "jobs.test.steps[2].save_cache.key"),
        ("jobs/test/steps/1/restore_cache/key", "a", "jobs.test.steps[1].restore_cache"),
        (
            "jobs/test/steps/3/store_artifacts/destination",
            "../../x",
            "jobs.test.steps[3].store_artifacts.destination",
        ),
        (
            "jobs/release/steps/1",
            {"setup_remote_docker": {"version": 28}},
            "jobs.release.steps[1].setup_remote_docker.version",
        ),
        (
            "jobs/release/steps/1",
            {"setup_remote_docker": {"docker_layer_caching": "yes"}},
            "jobs.release.steps[1].setup_remote_docker.docker_layer_caching",
        ),
        ("jobs/release/executor", {"name": "python", "tag": "3"}, "jobs.release.executor.tag"),
        ("jobs/release/resource_class", "you/runner", "jobs.release.resource_class"),
        ("jobs/release/resource_class", "gpu.nvidia.medium", "jobs.release.resource_class"),
        ("jobs/release/type", "no-op", "jobs.release.type"),
        (
            "jobs/test/docker/0/auth",
            {"username": "you", "password": "hunter2"},
            "jobs.test.docker[0].auth.password",
        ),
        (
            "jobs/test/docker/0/auth",
            {"username": "you", "password": "$DOCKERHUB_TOKEN"},
            "workflows.delivery.jobs[0].test.context",
        ),
        (
            "jobs/test/environment/BRANCH",
            "<< pipeline.git.branch >>",
            "jobs.test.environment.BRANCH",
        ),
        ("commands/prepare/parameters", {}, "commands.prepare.parameters"),
        ("commands/prepare/steps/0", "prepare", "commands.prepare"),
        ("executors/python/resource_class", "smal", "executors.python.resource_class"),
        ("executors/python/machine", True, "executors.python.machine"),
        ("executors/python/shell", "bash -c '", "executors.python.shell"),
        (
            "jobs/test/steps/1",
            {"persist_to_workspace": {"root": ".", "paths": ["$(id)"]}},
            "jobs.test.steps[1].persist_to_workspace.paths",
        ),
        (
            "workflows/delivery/jobs/1/hold/requires",
            "test",
            "workflows.delivery.jobs[1].hold.requires",
        ),
        ("workflows/other", {"jobs": ["test"]}, "workflows"),
        ("workflows/version", 2, "workflows"),
        ("workflows/delivery/when", True, "workflows.delivery.when"),
        ("workflows/delivery/jobs/0", "tests", "workflows.delivery.jobs[0].tests"),
        ("workflows/delivery/jobs/2", "test", "workflows.delivery.test"),
        (
            "workflows/delivery/jobs/1/hold/requires",
            ["tests"],
            "workflows.delivery.hold.requires",
        ),
        ("workflows/delivery/jobs/1/hold/requires", ["release"], "workflows.delivery"),
        ("workflows/delivery/jobs/1/hold/type", "no", "workflows.delivery.jobs[1].hold.type"),
        (
            "workflows/delivery/jobs/1/hold/context",
            "heroku",
            "workflows.delivery.jobs[1].hold.context",
        ),
        (
            "workflows/delivery/jobs/2/release/context",
            ["aws"],
            "workflows.delivery.jobs[2].release.context",
        ),
        (
            "workflows/delivery/jobs/2/release/filters/tags",
            {"only": "v1"},
            "workflows.delivery.jobs[2].release.filters.tags",
        ),
        (
            "workflows/delivery/jobs/0",
            {"test": {"serial-group": "one"}},
            "workflows.delivery.release.serial-group",
        ),
        (
            "workflows/delivery/jobs/0",
            {"test": {"serial-group": "<< pipeline.project.slug >>/x"}},
            "workflows.delivery.jobs[0].test.serial-group",
        ),
        (
            "workflows/delivery/jobs/0",
            {"test": {"serial-group": "a b"}},
            "workflows.delivery.jobs[0].test.serial-group",
        ),
        (
            "workflows/delivery/jobs/2/release/filters",
            'pipeline.git.branch == "main"',
            "workflows.delivery.jobs[2].release.filters",
        ),
        (
            "workflows/delivery/jobs/2/release/filters/branches/only",
            "/(/",
            "workflows.delivery.jobs[2].release.filters.branches.only",
        ),
        (
            "workflows/delivery/jobs/2/release/requires",
            [{"hold": "done"}],
            "workflows.delivery.jobs[2].release.requires[0].hold",
        ),
    ],
)
def test_what_is_not_understood_is_named(reading, place, value, where):
    with pytest.raises(Unread) as unread:
        reading(changed(place, value))
    assert unread.value.where == where
    assert str(unread.value).startswith(where) and "\n" not in str(unread.value)


@pytest.mark.parametrize(
    "command",
    [
        "bin/lint && bin/test",
        "bin/lint; true",
        "bin/lint | tee log",
        "bin/lint\nbin/test",
        "bin/test > log",
        "bin/test 'a b'",
        "bin/release ${APP}",
        "bin/release $(cat app)",
        "bin/release *",
        "A=b bin/test",
        "python bin/image",
        "bin/../etc/x",
        "make test",
    ],
)
def test_logic_in_a_command_is_refused(reading, command):
    config = changed("commands/prepare/steps/1/run/command", command)
    with pytest.raises(Unread, match="not one bin/<verb>"):
        reading(config)


@pytest.mark.parametrize("command", ["bin/release heroku:$APP --commit $CIRCLE_SHA1", "bin/lint"])
def test_words_may_name_variables(reading, command):
    workflow = reading(changed("commands/prepare/steps/1/run/command", command))
    assert workflow.stages[0].job.steps[1].command == command


def test_a_key_that_is_there_twice_is_refused(reading):
    text = yaml.safe_dump(WHOLE) + "version: 2.1\n"
    with pytest.raises(Unread, match="version is there twice"):
        reading(text)


BASE = yaml.safe_dump(WHOLE)
STRANGE = {
    "an open bracket": "a: [",
    "a tab": "a:\n\t- b",
    "nothing": "",
    "a comment": "# nothing",
    "a text": "hello",
    "a list": "- a",
    "two documents": BASE + "---\n" + BASE,
    "latin-1": "a: é".encode("latin-1"),
    "a null byte": b"a: \0",
    "an unknown tag": BASE + "orbs: !include x.yml\n",
    "a day that is none": BASE + "orbs: 2026-02-31\n",
    "a key that is a list": BASE + "? [a, b]\n: c\n",
    "a key that is a number": BASE + "3: c\n",
    "an anchor that is not there": BASE + "orbs: *nowhere\n",
    "an anchor in itself": BASE + "orbs: &a [*a]\n",
    "a mapping in itself": BASE.replace("jobs:", "jobs: &j\n  again: *j", 1),
    "a merge of a text": BASE + "orbs:\n  <<: hello\n",
    "depth": "a: " + "[" * 1000,
    "a long value": BASE.replace("version: 2.1", "version: " + "x" * 100_000),
    "many lines": BASE.replace("version: 2.1", 'version: "2\\n\\n1"'),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_no_yaml_or_strange_yaml_is_refused_in_one_line(reading, what):
    with pytest.raises(Unread) as unread:
        reading(STRANGE[what])
    assert "\n" not in str(unread.value) and len(str(unread.value)) < 500


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unread, match="config.yml can't be read: .*No such file"):
        read(tmp_path / "config.yml")


def test_anchors_and_merges_are_read(reading):
    config = yaml.safe_dump(changed("jobs/test/environment", {"PLACE": "here"}))
    config = config.replace("    environment:\n      PLACE: here\n", "    environment: *one\n")
    anchors = "executors:\n  other:\n    docker: [image: 'cimg/python:3.13']\n"
    anchors += "    environment: &one\n      <<: &two {A: '1', B: '2'}\n      B: '3'\n"
    merged = reading(config.replace("executors:\n", anchors, 1).replace("MORE: two", "<<: *two"))
    test, _, release = merged.stages
    assert test.job.environment == {"A": "1", "B": "3"}
    assert release.job.environment == {"APP": "one", "A": "1", "B": "2"}


def test_what_is_required_may_have_ended_otherwise(reading):
    asked = [{"hold": ["failed", "not_run"]}, {"test": "terminal"}]
    release = reading(changed("workflows/delivery/jobs/2/release/requires", asked)).stages[2]
    assert release.requires == ("hold", "test")
    assert release.accepts == {"hold": ("failed", "not_run"), "test": ENDS}


def test_steps_of_the_workflow_come_before_and_after_the_jobs_own(reading):
    config = changed("workflows/delivery/jobs/2/release/pre-steps", [{"run": "bin/doctor"}])
    config["workflows"]["delivery"]["jobs"][2]["release"]["post-steps"] = ["prepare"]
    steps = reading(config).stages[2].job.steps
    assert [step.command or step.kind for step in steps] == [
        *("bin/doctor", "checkout", "bin/setup"),
        *("setup_remote_docker", "checkout", "bin/setup"),
    ]


@pytest.mark.parametrize("program", ["draw-delivery", "check-pipeline"])
def test_a_program_refuses_in_one_line_and_without_a_traceback(tmp_path, program):
    for name in ("bin", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / ".circleci").mkdir()
    config = changed("jobs/test/resource_clas", "large")
    (tmp_path / ".circleci/config.yml").write_text(yaml.safe_dump(config))
    argv = [sys.executable, tmp_path / "bin" / program, "--check"]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{program}: .circleci/config.yml: jobs.test.resource_clas is a")
    assert done.stderr.count("\n") == 1
