"""What runs when: filters, requirements, serial groups, caches."""

import base64
import hashlib

import pytest

from rehearsal.pipeline.config import Stage, Unread, Workflow
from rehearsal.pipeline.plan import blocked, cache_key, chosen, matches, ready, restored

STAGES = (
    Stage("lint", None),
    Stage("image", None, ("lint",), only=("main",)),
    Stage("release", None, ("image",), serial_group="one"),
    Stage("smoke", None, ("release",)),
    Stage("promote", None, ("smoke",)),
    Stage("unpushed", None, ("lint",), ignore=("main",)),
)
WAITING = {stage.name: "waiting" for stage in STAGES}


def names(stages):
    return [stage.name for stage in stages]


@pytest.mark.parametrize(
    "pattern, branch, same",
    [
        ("main", "main", True),
        ("main", "mainly", False),
        ("/release-.*/", "release-1", True),
        ("/release-.*/", "my-release-1", False),
        ("/main/", "main-2", False),
        ("release-.*", "release-1", False),
    ],
)
def test_a_filter_has_to_match_the_whole_branch(pattern, branch, same):
    assert matches(pattern, branch) is same


def test_what_requires_a_stage_that_is_filtered_away_is_away_too():
    workflow = Workflow("delivery", STAGES)
    assert names(chosen(workflow, "topic")) == ["lint", "unpushed"]
    assert names(chosen(workflow, "main")) == ["lint", "image", "release", "smoke", "promote"]


def test_of_only_and_ignore_both_have_to_let_it_through():
    stage = Stage("a", None, only=("/release-.*/",), ignore=("release-9",))
    workflow = Workflow("delivery", (stage,))
    assert chosen(workflow, "release-8") == (stage,)
    assert chosen(workflow, "release-9") == chosen(workflow, "main") == ()


def test_a_stage_is_ready_when_all_it_requires_succeeded():
    assert names(ready(STAGES, WAITING)) == ["lint"]
    assert names(ready(STAGES, WAITING | {"lint": "running"})) == []
    assert names(ready(STAGES, WAITING | {"lint": "success"})) == ["image", "unpushed"]


@pytest.mark.parametrize("state", ["failed", "canceled", "not_run"])
def test_after_a_failure_nothing_that_follows_is_ready(state):
    states = WAITING | {"lint": "success", "image": state, "unpushed": "success"}
    assert ready(STAGES, states) == []
    assert names(blocked(STAGES, states)) == ["release", "smoke", "promote"]


@pytest.mark.parametrize("state", ["failed", "canceled", "not_run"])
def test_a_serial_group_lets_go_of_what_follows_however_it_ended(state):
    states = WAITING | dict.fromkeys(["lint", "image", "unpushed"], "success")
    states["release"] = state
    assert names(ready(STAGES, states)) == ["smoke"]
    assert blocked(STAGES, states) == []
    states["smoke"] = "failed"
    assert ready(STAGES, states) == []
    assert names(blocked(STAGES, states)) == ["promote"]


def test_while_an_approval_is_on_hold_what_follows_waits():
    states = WAITING | dict.fromkeys(["lint", "image", "release", "unpushed"], "success")
    states["smoke"] = "on_hold"
    assert ready(STAGES, states) == blocked(STAGES, states) == []


def test_a_cache_key_is_filled_in():
    digest = base64.b64encode(hashlib.sha256(b"django==5.2\n").digest()).decode()
    template = 'venv-{{ arch }}-{{ checksum "lock.txt" }}'
    files = {"lock.txt": b"django==5.2\n"}
    assert cache_key(template, files.get, "amd64") == f"venv-amd64-{digest}"
    files["lock.txt"] = b"django==6.0\n"
    assert digest not in cache_key(template, files.get, "amd64")


@pytest.mark.parametrize("template", ["{{ epoch }}", "{{ .Branch }}", '{{ checksum "no.txt" }}'])
def test_a_template_that_cant_be_filled_in_is_named(template):
    with pytest.raises(Unread) as unread:
        cache_key(f"a-{template}", {}.get, "amd64")
    assert unread.value.where == f"a-{template}"


def test_the_newest_cache_that_begins_with_the_first_matching_key_is_restored():
    saved = ["a-1", "b-1", "a-2"]
    assert restored(["c-", "a-"], saved) == "a-2"
    assert restored(["a-1"], saved) == "a-1"
    assert restored(["c-"], saved) is None
