"""No job with secrets takes what a branch may have written; the check finds each way to do so."""

from pathlib import Path

import pytest
import yaml

from tools.circleci.config import read, understood
from tools.circleci.strict_yaml import Unread, load
from tools.circleci.trust import poisonable, poisonable_on_github

ROOT = Path(__file__).parents[3]
CACHE = {"restore_cache": {"keys": ["venv"]}}
LAYERS = {"setup_remote_docker": {"docker_layer_caching": True}}
KEEP = {"persist_to_workspace": {"root": ".", "paths": [".venv"]}}
ATTACH = {"attach_workspace": {"at": "."}}


def test_the_pipeline_as_it_is_takes_nothing():
    assert poisonable(read(ROOT / ".circleci/config.yml")) == []
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        assert poisonable_on_github(load(path), path.name) == []


def said(release, build=("checkout",), between=("checkout",), context=("heroku",)):
    """Return what is said of three jobs in a row, the last of which has a secret."""
    images = [{"image": "cimg/python:3.13"}]
    jobs = {"build": build, "between": between, "release": release}
    config = {
        "version": 2.1,
        "jobs": {n: {"docker": images, "steps": list(steps)} for n, steps in jobs.items()},
        "workflows": {
            "delivery": {
                "jobs": [
                    "build",
                    {"between": {"requires": ["build"]}},
                    {"release": {"requires": ["between"], "context": list(context)}},
                ]
            }
        },
    }
    return poisonable(understood(config))


@pytest.mark.parametrize(
    "jobs, words",
    [
        ({"release": [CACHE]}, "release has heroku and restores the cache venv"),
        ({"release": ["checkout", LAYERS]}, "docker_layer_caching"),
        ({"release": [ATTACH], "build": [CACHE, KEEP]}, "attaches the workspace of build"),
        ({"release": [ATTACH], "between": [LAYERS, KEEP]}, "attaches the workspace of between"),
        (
            {"release": [ATTACH], "between": [ATTACH, KEEP], "build": [CACHE, KEEP]},
            "attaches the workspace of between",
        ),
    ],
)
def test_each_way_to_take_what_a_branch_wrote_is_found(jobs, words):
    assert any(words in line for line in said(**jobs))
    assert said(**jobs, context=()) == []


@pytest.mark.parametrize(
    "jobs",
    [
        {"release": ["checkout", "setup_remote_docker"]},
        {"release": ["checkout"], "build": [CACHE, KEEP]},
        {"release": [ATTACH], "build": ["checkout", KEEP]},
        {"release": [ATTACH], "build": [CACHE], "between": ["checkout", KEEP]},
    ],
)
def test_what_comes_from_this_commit_alone_is_no_fault(jobs):
    assert said(**jobs) == []


def test_a_cache_restored_by_a_step_of_the_workflow_is_found():
    config = yaml.safe_load((ROOT / ".circleci/config.yml").read_text())
    jobs = config["workflows"]["delivery"]["jobs"]
    [sentry] = [job["sentry"] for job in jobs if "sentry" in job]
    sentry["pre-steps"] = ["prepare"]
    [line] = poisonable(understood(config))
    assert line.startswith("sentry has heroku, sentry and restores the cache venv-")


CHECKOUT = {"uses": "actions/checkout@v5"}
SECRET = {"env": {"KEY": "${{ secrets.HEROKU_API_KEY }}"}, "run": "bin/release"}


def on_github(*steps, job=None, **workflow):
    """Return what is said of a workflow on GitHub with one job."""
    whole = {"on": "push", **workflow, "jobs": {"release": {"steps": list(steps), **(job or {})}}}
    return poisonable_on_github(whole, "release.yml")


BRINGS = [
    {"uses": "actions/cache@v4", "with": {"path": ".venv", "key": "a"}},
    {"uses": "actions/cache/restore@v4", "with": {"path": ".venv", "key": "a"}},
    {"uses": "actions/download-artifact@v4"},
    {"uses": "actions/setup-python@v6", "with": {"cache": "pip"}},
    {"uses": "actions/setup-go@v6"},
    {"uses": "docker/build-push-action@v6", "with": {"cache-from": "type=gha"}},
    {"uses": "./.github/actions/prepare"},
]


@pytest.mark.parametrize("step", BRINGS, ids=lambda step: step["uses"])
def test_what_an_earlier_run_left_is_found_beside_a_secret_on_github(step):
    assert on_github(CHECKOUT, step) == []
    for beside in (
        {"steps": [SECRET, step]},
        {"environment": "production"},
        {"permissions": {"contents": "write"}},
        {"permissions": "write-all"},
        {"secrets": "inherit"},
    ):
        [line] = on_github(step, job=beside)
        assert line.startswith(f"release sees secrets and uses {step['uses']}")
    assert on_github(step, env={"KEY": "${{ secrets.KEY }}"})
    assert on_github(step, permissions={"id-token": "write"})


def test_a_reusable_workflow_with_secrets_and_dangerous_events_are_found_on_github():
    job = {"uses": "you/other/.github/workflows/x.yml@main", "secrets": "inherit"}
    assert poisonable_on_github({"on": "push", "jobs": {"a": job}}, "x.yml")
    for event in ("pull_request_target", "workflow_run"):
        assert on_github(CHECKOUT, on=event) == [f"runs on {event}, with secrets in view"]
        assert on_github(CHECKOUT, on={event: None}) and on_github(CHECKOUT, on=[event])
        yaml_has = yaml.safe_load(f"on: {event}\njobs: {{a: {{steps: [{{run: bin/lint}}]}}}}")
        assert poisonable_on_github(yaml_has, "x.yml")


@pytest.mark.parametrize("value", [None, "x", [], {"jobs": None}, {"jobs": {"a": "x"}}], ids=repr)
def test_what_is_no_workflow_of_githubs_is_refused(value):
    with pytest.raises(Unread, match="x.yml"):
        poisonable_on_github(value, "x.yml")


@pytest.mark.parametrize("steps", [7, ["x"], [{"with": "x"}]], ids=repr)
def test_steps_that_are_none_are_refused(steps):
    with pytest.raises(Unread, match="x.yml: jobs.a"):
        poisonable_on_github({"jobs": {"a": {"steps": steps}}}, "x.yml")
