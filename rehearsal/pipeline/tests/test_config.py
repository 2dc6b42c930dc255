"""The reader: what it gives, and that nothing is skipped."""

from copy import deepcopy

import pytest
import yaml

from rehearsal.pipeline.config import Container, Stage, Step, Unread, read

WHOLE = {
    "version": 2.1,
    "executors": {
        "python": {"docker": [{"image": "cimg/python:3.13"}], "environment": {"APP": "one"}}
    },
    "commands": {
        "prepare": {"steps": ["checkout", {"run": {"name": "Set up", "command": "bin/setup"}}]}
    },
    "jobs": {
        "test": {
            "docker": [
                {"image": "cimg/python:3.13"},
                {"image": "cimg/postgres:16.10", "environment": {"POSTGRES_USER": "u"}},
            ],
            "environment": {"DATABASE_URL": "postgres://u@127.0.0.1/u"},
            "parallelism": 2,
            "steps": [
                "prepare",
                {"restore_cache": {"keys": ["a-{{ arch }}"]}},
                {"save_cache": {"key": "a-{{ arch }}", "paths": [".venv"]}},
                {"store_artifacts": {"path": "coverage.xml"}},
                {"store_test_results": {"path": "test-results"}},
            ],
        },
        "release": {
            "executor": "python",
            "environment": {"MORE": "two"},
            "steps": ["prepare", "setup_remote_docker"],
        },
    },
    "workflows": {
        "delivery": {
            "jobs": [
                "test",
                {"hold": {"type": "approval", "requires": ["test"]}},
                {
                    "release": {
                        "requires": ["hold"],
                        "context": ["heroku"],
                        "serial-group": "one",
                        "filters": {"branches": {"only": "main", "ignore": ["/wip.*/"]}},
                    }
                },
            ]
        }
    },
}


@pytest.fixture
def reading(tmp_path):
    """Read a configuration given as data or as text."""

    def give(config):
        path = tmp_path / "config.yml"
        path.write_text(config if isinstance(config, str) else yaml.safe_dump(config))
        return read(path)

    return give


def changed(place, value):
    """Give WHOLE with one value set, or taken out (None), at a place of keys with dots."""
    config = deepcopy(WHOLE)
    *way, last = [int(key) if key.isdigit() else key for key in place.split("/")]
    inner = config
    for key in way:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return config


def test_what_is_read_is_what_stands_there(reading):
    (workflow,) = reading(WHOLE)
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
    test = reading(WHOLE)[0].stages[0].job
    assert test.steps == (
        Step("checkout", "checkout"),
        Step("run", "Set up", command="bin/setup"),
        Step("restore_cache", "restore_cache", keys=("a-{{ arch }}",)),
        Step("save_cache", "save_cache", keys=("a-{{ arch }}",), paths=(".venv",)),
        Step("store_artifacts", "store_artifacts", path="coverage.xml"),
        Step("store_test_results", "store_test_results", path="test-results"),
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
        ("jobs/test/steps/1", {"when": {}}, "jobs.test.steps[1].when"),
        ("jobs/test/steps/1", {"run": "bin/lint"}, "jobs.test.steps[1].run"),
        ("jobs/test/steps/2/save_cache/when", "always", "jobs.test.steps[2].save_cache.when"),
        ("commands/prepare/parameters", {}, "commands.prepare.parameters"),
        ("commands/prepare/steps/0", "prepare", "commands.prepare"),
        ("executors/python/resource_class", "small", "executors.python.resource_class"),
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
            {"test": {"serial-group": "two"}},
            "workflows.delivery",
        ),
    ],
)
def test_what_is_not_understood_is_named(reading, place, value, where):
    with pytest.raises(Unread) as unread:
        reading(changed(place, value))
    assert unread.value.where == where
    assert str(unread.value).startswith(where)


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
    (workflow,) = reading(changed("commands/prepare/steps/1/run/command", command))
    assert workflow.stages[0].job.steps[1].command == command


def test_a_key_that_is_there_twice_is_refused(reading):
    text = yaml.safe_dump(WHOLE) + "version: 2.1\n"
    with pytest.raises(Unread, match="version is there twice"):
        reading(text)


def test_what_is_no_yaml_is_refused(reading):
    with pytest.raises(Unread, match="is no YAML"):
        reading("a: [")
