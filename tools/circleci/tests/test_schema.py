"""Every key of CircleCI's published schema is read and acted on, or refused by name and place.

The schema is the one that check-jsonschema carries. A key that it gains is refused, until it is
read and has its row in READ here.
"""

import json
from copy import deepcopy
from pathlib import Path

import check_jsonschema
import pytest

from tools.circleci.config import Unread, understood
from tools.circleci.stages import CONTEXTS

from .full_config import WHOLE

VENDOR = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
SCHEMA = json.loads((VENDOR / "circle-ci.json").read_text())
BRANCHES = ("oneOf", "anyOf", "allOf", "if", "then", "else")
# Where the schema describes a thing, and where in WHOLE there is one; "[]" and "{}" are any item.
STEP = ("definitions", "step")
STAGE = ("definitions", "workflowJobInvocation", "{}")
PLACES = {
    "the file": ((), ()),
    "executor": (("properties", "executors", "{}"), ("executors", "python")),
    "command": (("properties", "commands", "{}"), ("commands", "prepare")),
    "job": (("definitions", "jobInvocation"), ("jobs", "test")),
    "container": (("definitions", "jobInvocation", "docker", "[]"), ("jobs", "test", "docker", 0)),
    "auth": (
        ("definitions", "jobInvocation", "docker", "[]", "auth"),
        ("jobs", "release", "docker", 0, "auth"),
    ),
    "step": (STEP, ("jobs", "test", "steps", 1)),
    "run": ((*STEP, "run"), ("commands", "prepare", "steps", 1, "run")),
    "checkout": ((*STEP, "checkout"), ("jobs", "test", "steps", 5, "checkout")),
    **{
        kind: ((*STEP, kind), ("jobs", "test", "steps", number, kind))
        for number, kind in enumerate(
            (
                *("restore_cache", "save_cache", "store_artifacts", "store_test_results"),
                *("checkout", "setup_remote_docker", "persist_to_workspace", "attach_workspace"),
            ),
            1,
        )
    },
    "workflow": (("properties", "workflows", "{}"), ("workflows", "delivery")),
    "stage": (STAGE, ("workflows", "delivery", "jobs", 2, "release")),
    "filters": (
        (*STAGE, "filters"),
        ("workflows", "delivery", "jobs", 2, "release", "filters"),
    ),
    "branches": (
        (*STAGE, "filters", "branches"),
        ("workflows", "delivery", "jobs", 2, "release", "filters", "branches"),
    ),
}
NAMES = ("test", "release", "other")
# What is read, each with a value that has to change what comes of it.
READ = {
    "the file": {
        "version": "2.1",
        "executors": {**WHOLE["executors"], "more": {"docker": [{"image": "cimg/python:3.12"}]}},
        "commands": {"prepare": {"steps": ["checkout"]}},
        "jobs": {name: {**WHOLE["jobs"]["test"], "parallelism": 7} for name in NAMES},
        "workflows": {"other": {"jobs": ["test"]}},
    },
    "executor": {
        "description": "what for",
        "docker": [{"image": "cimg/python:3.12"}],
        "environment": {"APP": "other"},
        "resource_class": "large",
        "shell": "/bin/sh -e",
        "working_directory": "~/app",
    },
    "command": {"description": "what for", "steps": ["setup_remote_docker"]},
    "job": {
        "description": "what for",
        "docker": [{"image": "cimg/python:3.12"}],
        "environment": {"PLACE": "here"},
        "executor": {"name": "python"},
        "parallelism": 3,
        "resource_class": "medium+",
        "shell": "/bin/sh -e",
        "steps": ["checkout"],
        "type": "build",
        "working_directory": "/srv",
    },
    "container": {
        "auth": {"username": "you", "password": "$DOCKERHUB_TOKEN"},
        "environment": {"PLACE": "here"},
        "image": "cimg/python:3.12",
    },
    "auth": {"username": "$DOCKERHUB_USERNAME", "password": "$IMAGE_REPOSITORY"},
    "step": {
        "attach_workspace": {"at": "built"},
        "checkout": None,
        "persist_to_workspace": {"root": "built", "paths": ["*"]},
        "restore_cache": {"key": "b-{{ arch }}"},
        "run": "bin/lint",
        "save_cache": {"key": "b", "paths": ["x"]},
        "setup_remote_docker": {},
        "store_artifacts": {"path": "x"},
        "store_test_results": {"path": "x"},
    },
    "run": {
        "command": "bin/lint",
        "environment": {"PLACE": "here"},
        "name": "Another name",
        "shell": "/bin/sh",
        "when": "on_fail",
        "working_directory": "bench",
    },
    "checkout": {"when": "always"},
    "restore_cache": {"key": "b", "keys": ["b"], "name": "Another name", "when": "always"},
    "save_cache": {"key": "b", "name": "Another name", "paths": ["x"], "when": "always"},
    "store_artifacts": {
        "destination": "x",
        "name": "Another name",
        "path": "x",
        "when": "on_fail",
    },
    "store_test_results": {"name": "Another name", "path": "x", "when": "on_fail"},
    "setup_remote_docker": {
        "docker_layer_caching": True,
        "version": "docker28",
        "when": "always",
    },
    "persist_to_workspace": {
        "name": "Another name",
        "paths": ["x"],
        "root": "other",
        "when": "always",
    },
    "attach_workspace": {"at": "/other", "name": "Another name", "when": "always"},
    "workflow": {"jobs": ["test"]},
    "stage": {
        "context": ["sentry", "docker-hub"],
        "filters": {"branches": {"only": "other"}},
        "name": "Another name",
        "post-steps": ["checkout"],
        "pre-steps": ["checkout"],
        "requires": ["test"],
        "serial-group": "two",
        "type": "approval",
    },
    "filters": {"branches": {"only": "other"}},
    "branches": {"ignore": "other", "only": "other"},
}
# Of these nothing comes but that they may be there.
TELL_NOTHING = {("the file", "version"), ("the file", "executors"), ("job", "type")}


def parts(node):
    """Return a node of the schema with all that it refers to or chooses between."""
    found, left = [], [node]
    while left:
        each = left.pop()
        if not isinstance(each, dict) or each in found:
            continue
        found.append(each)
        if "$ref" in each:
            target = SCHEMA
            for name in each["$ref"].removeprefix("#/").split("/"):
                target = target[int(name) if isinstance(target, list) else name]
            left.append(target)
        for name in BRANCHES:
            left += each.get(name, []) if isinstance(each.get(name), list) else [each.get(name)]
    return found


def keys(way):
    """Return the keys that the schema has for what is at the end of a way into it."""
    nodes = parts(SCHEMA)
    if way[:1] in (("definitions",), ("properties",)):
        nodes, way = parts(SCHEMA[way[0]][way[1]]), way[2:]
    for name in way:
        below = {"[]": "items", "{}": "additionalProperties"}.get(name)
        found = [n.get(below) if below else n.get("properties", {}).get(name) for n in nodes]
        nodes = [each for node in found for each in parts(node)]
    return {key for node in nodes for key in node.get("properties", {})}


def ground():
    """Return a configuration with a thing of each kind, whose contexts hold all secrets."""
    config = deepcopy(WHOLE)
    config["jobs"]["test"]["steps"] += [
        *({"checkout": {}}, {"setup_remote_docker": {"version": "default"}}),
        {"persist_to_workspace": {"root": "built", "paths": ["*"]}},
        {"attach_workspace": {"at": "built"}},
    ]
    login = {"username": "you", "password": "$DOCKERHUB_TOKEN"}
    release = config["jobs"]["release"]
    del release["executor"]
    release["docker"] = [{"image": "cimg/python:3.13", "auth": login}]
    config["jobs"]["other"] = {"executor": "python", "steps": ["prepare"]}
    config["workflows"]["delivery"]["jobs"][0] = {"test": {"context": list(CONTEXTS)}}
    config["workflows"]["delivery"]["jobs"][2]["release"]["context"] = list(CONTEXTS)
    config["workflows"]["delivery"]["jobs"].append("other")
    return config


def with_key(place, key, value):
    """Return that configuration with a key at a place, without what the key can't stand beside."""
    config = ground()
    *way, last = PLACES[place][1] or (None,)
    inner = config
    for name in way:
        inner = inner[name]
    if place == "step":
        inner[last] = {key: value}
        return config
    inner = config if last is None else inner[last]
    beside = {"executor": ("docker",), "key": ("keys",), "type": tuple(READ["stage"])}
    if key in ("executor", "type") and place in ("job", "stage") or place == "restore_cache":
        for name in beside.get(key, ()):
            if value != "build":
                inner.pop(name, None)
    inner[key] = value
    return config


EVERY = sorted((place, key) for place, (way, _) in PLACES.items() for key in keys(way))


def test_the_schema_is_walked():
    assert len(EVERY) > 100
    assert {("stage", "matrix"), ("run", "background"), ("job", "circleci_ip_ranges")} <= set(
        EVERY
    )
    assert {("step", "when"), ("the file", "job-groups"), ("filters", "tags")} <= set(EVERY)


def test_what_is_read_is_documented():
    # The schema leaves these two out: a job names its executor, and any step of a kind.
    said = {(place, key) for place in READ for key in READ[place]}
    assert said - set(EVERY) <= {("the file", "version")}


ACTED_ON = [(place, key) for place, key in EVERY if key in READ[place]]
REFUSED = [(place, key) for place, key in EVERY if key not in READ[place]]


@pytest.mark.parametrize("place, key", ACTED_ON)
def test_a_key_that_is_read_is_acted_on(place, key):
    found = understood(with_key(place, key, READ[place][key]))
    tells = (place, key) not in TELL_NOTHING and key != "description"
    assert (found != understood(ground())) == tells


VALUES = ("x", "<< pipeline.id >>", True, 7, 1.5, None, {}, [], ["x"], {"x": "y"}, [{"x": None}])


@pytest.mark.parametrize("place, key", REFUSED)
def test_any_other_key_is_refused_by_its_name_and_place(place, key):
    way = [str(name) for name in PLACES[place][1]]
    for value in VALUES:
        with pytest.raises(Unread) as unread:
            understood(with_key(place, key, value))
        where = unread.value.where.replace("[", ".").replace("]", "")
        assert where.split(".")[: len(way)] == way
        assert key in str(unread.value) and "\n" not in str(unread.value)


@pytest.mark.parametrize("place, key", ACTED_ON)
def test_a_value_that_is_not_understood_is_refused_in_one_line(place, key):
    for value in VALUES:
        try:
            understood(with_key(place, key, value))
        except Unread as unread:
            assert "\n" not in str(unread)
