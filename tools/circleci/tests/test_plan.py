"""What runs when: filters, requirements, serial groups, caches."""

import base64
import hashlib
from dataclasses import replace

import pytest

from tools.circleci.config import Stage, Unread, Workflow
from tools.circleci.model import ENDS
from tools.circleci.plan import before, blocked, cache_key, chosen, matches, ready, restored

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


def test_one_of_several_requirements_that_is_filtered_away_is_ignored():
    after = Stage("after", None, ("image", "unpushed"))
    workflow = Workflow("delivery", (*STAGES, after))
    assert after in chosen(workflow, "topic") and after in chosen(workflow, "main")
    states = {"lint": "success", "unpushed": "success", "after": "waiting"}
    assert names(ready(chosen(workflow, "topic"), states)) == ["after"]


def test_of_only_and_ignore_both_have_to_let_it_through():
    stage = Stage("a", None, only=("/release-.*/",), ignore=("release-9",))
    workflow = Workflow("delivery", (stage,))
    assert chosen(workflow, "release-8") == (stage,)
    assert chosen(workflow, "release-9") == chosen(workflow, "main") == ()


def test_a_stage_is_ready_when_all_it_requires_succeeded():
    assert names(ready(STAGES, WAITING)) == ["lint"]
    assert names(ready(STAGES, WAITING | {"lint": "running"})) == []
    assert names(ready(STAGES, WAITING | {"lint": "success"})) == ["image", "unpushed"]


def settled(stages, states):
    """Return the states once everything that can't begin any more is said to be not run."""
    while found := blocked(stages, states):
        states = states | dict.fromkeys(names(found), "not_run")
    return states


@pytest.mark.parametrize("state", ["failed", "canceled", "not_run", "unauthorized"])
@pytest.mark.parametrize("group", ["", "one"])
def test_after_a_failure_nothing_that_follows_runs(state, group):
    stages = [replace(stage, serial_group=group * (stage.name == "image")) for stage in STAGES]
    states = WAITING | {"lint": "success", "image": state, "unpushed": "success"}
    assert ready(stages, states) == []
    after = settled(stages, states)
    assert [name for name in after if after[name] == "not_run" != states[name]] == [
        *("release", "smoke", "promote")
    ]


@pytest.mark.parametrize("ended", ENDS)
@pytest.mark.parametrize("asked", [*([end] for end in ENDS), ["failed", "canceled"], ENDS])
def test_what_asks_for_an_end_runs_after_that_end_alone(asked, ended):
    stages = (Stage("a", None), Stage("b", None, ("a",), accepts={"a": tuple(asked)}))
    states = {"a": ended, "b": "waiting"}
    assert names(ready(stages, states)) == ["b"] * (ended in asked)
    assert names(blocked(stages, states)) == ["b"] * (ended not in asked)


def test_what_asks_for_not_run_runs_after_what_could_not_begin():
    stages = (
        *(Stage("a", None), Stage("b", None, ("a",))),
        Stage("c", None, ("b",), accepts={"b": ("not_run",)}),
    )
    states = settled(stages, {"a": "failed", "b": "waiting", "c": "waiting"})
    assert names(ready(stages, states)) == ["c"]


def test_all_that_comes_before_a_stage_comes_before_it():
    assert before("promote", STAGES) == {"lint", "image", "release", "smoke"}
    assert before("lint", STAGES) == set()


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
