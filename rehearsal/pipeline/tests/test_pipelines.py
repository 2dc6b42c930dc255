"""The order of a pipeline's stages, with jobs that end as a test says and start nothing."""

import threading
from types import SimpleNamespace

import pytest

from rehearsal.pipeline import pipelines
from rehearsal.pipeline.pipelines import Pipeline, SerialGroups
from rehearsal.pipeline.git_remote import Push
from tools.circleci.model import ENDS, Container, Job, Stage


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """Return a function that runs stages, fails the ``bad`` ones, and returns the pipeline."""

    def finished(stages, bad=(), passed=(), groups=None, number=1):
        class Node:
            def __init__(self, machine, run, folder):
                self.name = run.stage.name

            def carry_out(self):
                return self.name not in bad

            def cancel(self):
                pass

        monkeypatch.setattr(pipelines, "Node", Node)
        push = Push("c" * 40, "main", "A subject", tuple(passed))
        machine = SimpleNamespace(lock=threading.Lock())
        pipeline = Pipeline(
            *(number, push, stages, machine, {}, groups or SerialGroups()),
            *(tmp_path / str(number), "1a2b"),
        )
        pipeline.wait(lambda states: set(states.values()) <= set(ENDS), 10)
        return pipeline

    return finished


def stage(name, *requires, **more):
    """Return a stage with a job."""
    job = Job(name, (Container("cimg/python:3.13"),), {}, 1, ())
    return Stage(name, job, requires, **more)


def test_a_failure_in_a_serial_group_stops_what_requires_it(finished):
    stages = (
        *(stage("image"), stage("release", "image", serial_group="one")),
        *(stage("smoke", "release"), stage("promote", "smoke", serial_group="two")),
    )
    assert finished(stages, bad=["release"]).states == {
        **{"image": "success", "release": "failed"},
        **{"smoke": "not_run", "promote": "not_run"},
    }


def test_what_asks_for_a_failure_runs_after_one_alone(finished):
    stages = (stage("a"), stage("mend", "a", accepts={"a": ("failed", "canceled")}))
    assert finished(stages, bad=["a"]).states == {"a": "failed", "mend": "success"}
    assert finished(stages, number=2).states == {"a": "success", "mend": "not_run"}


def test_what_asks_for_any_end_runs_after_what_could_not_begin(finished):
    stages = (stage("a"), stage("b", "a"), stage("tell", "b", accepts={"b": ENDS}))
    assert finished(stages, bad=["a"]).states["tell"] == "success"


def test_an_older_pipeline_is_overtaken_and_what_follows_is_not_run(finished):
    groups = SerialGroups()
    assert groups.ask("one", 7) == "running"
    stages = (stage("release", serial_group="one"), stage("smoke", "release"))
    overtaken = finished(stages, groups=groups, number=6)
    assert overtaken.states == {"release": "not_run", "smoke": "not_run"}
    groups.leave("one")
    assert finished(stages, groups=groups, number=8).state == "success"
