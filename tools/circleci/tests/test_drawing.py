"""The drawing holds what the workflow does, and changes with it."""

import xml.etree.ElementTree as xml
from dataclasses import replace
from pathlib import Path

import pytest

from tools.circleci.config import Stage, Workflow, read
from tools.circleci.drawing import INNER, MARGIN, WIDTH, between, draw, places, rows, runs
from tools.svg import keep

WORKFLOW = read(Path(__file__).parents[3] / ".circleci" / "config.yml")


def texts(drawing):
    """Return the lines of text in a drawing."""
    return [node.text for node in xml.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]


def test_every_stage_step_service_and_context_is_in_it():
    said = texts(draw(WORKFLOW))
    for stage in WORKFLOW.stages:
        assert stage.name in said
        assert {f"secrets: {name}" for name in stage.contexts} <= set(said)
        for step in stage.job.steps if stage.job else ():
            if step.kind == "run" and not step.command.startswith("bin/setup"):
                assert step.name in said and step.command in said
    assert {"postgres 16.10", "redis 7.4", "2 containers", "a person decides"} <= set(said)
    assert said.count("one at a time") == 2
    assert "every branch but main" in said


def test_the_rows_are_the_order():
    assert [[stage.name for stage in row] for row in rows(WORKFLOW)] == [
        ["lint", "test"],
        ["image", "image-unpushed"],
        ["push"],
        ["release-staging"],
        ["approve-production"],
        ["promote-production"],
        ["sentry"],
    ]


def test_no_box_lies_on_another_or_outside():
    many = Workflow("many", (*WORKFLOW.stages, Stage("third", None), Stage("fourth", None)))
    found = list(places(rows(many)).values())
    for one in found:
        assert 0 < one.x and one.x + one.width < WIDTH
        for other in found:
            beside = one.x + one.width < other.x or other.x + other.width < one.x
            above = one.y + one.height < other.y or other.y + other.height < one.y
            assert one is other or beside or above


def test_an_arrow_passes_the_rows_between_in_the_gap_of_their_boxes():
    found = places(rows(WORKFLOW))
    first, second, push = found["test"], found["image"], found["push"]
    assert between(first.y + first.height, push.y, found.values()) == [
        (WIDTH / 2, second.y),
        (WIDTH / 2, second.y + second.height),
    ]
    assert between(second.y + second.height, push.y, found.values()) == []


def test_no_command_runs_out_of_its_box():
    found = places(rows(WORKFLOW))
    for stage in WORKFLOW.stages:
        room = found[stage.name].width - 2 * INNER
        alone = found[stage.name].width == WIDTH - 2 * MARGIN
        for step in runs(stage):
            # 12 px of a monospace face take 7.3 px a letter, and 14 px of the other some 7.
            code, name = 7.3 * len(step.command), 7 * len(step.name)
            assert (code + name if alone else max(code, name)) < room, step.command


def test_another_workflow_is_another_drawing():
    first, *others = WORKFLOW.stages
    changed = Workflow("delivery", (replace(first, contexts=("heroku",)), *others))
    assert draw(changed) != draw(WORKFLOW)


def test_an_old_drawing_is_found_and_the_cure_is_named(tmp_path):
    kept = tmp_path / "schema.svg"
    kept.write_text("old")
    with pytest.raises(SystemExit, match="schema.svg is older than the workflow; type: bin/"):
        keep("new", kept, "the workflow", ["--check"])
    assert kept.read_text() == "old"
    kept.write_text("new")
    keep("new", kept, "the workflow", ["--check"])
