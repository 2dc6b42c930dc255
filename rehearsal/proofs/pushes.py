"""What happens after a push to the remote."""

from __future__ import annotations

import re
import time

from ..steady_load import Load
from ..pipeline.pipelines import Pipeline
from ..environment import PRODUCTION, STAGING, Environment
from .proof import expect, proof, short

RELEASED = ("release-staging", "promote-production")
TESTS = 1200
AWHILE = 1.0  # what waits for nobody has begun by then
CHANGE = {"lettings/__init__.py": '"""What is let."""\n'}


def states(pipeline: Pipeline, *names: str) -> str:
    """Return the states of stages of a pipeline, as text."""
    return ", ".join(f"{name}: {pipeline.states.get(name, 'left out')}" for name in names)


def wait_until_over(pipeline: Pipeline, seconds: float) -> None:
    """Wait until a pipeline is over; one that asks for an approval gets none, and is canceled."""
    if pipeline.wait(lambda states: "on_hold" in states.values(), seconds):
        pipeline.cancel()


@proof("git push", "a branch goes no further than an image that is not pushed")
def branch(environment: Environment) -> str:
    """Push a good commit to a branch; nothing may reach the hub or an app.

    The tests count as passed: they are the same as main's, which runs them.
    """
    commit = environment.remote.commit("Try something on a branch", CHANGE)
    pipeline = environment.pipelines.push("try-something", passed=("test",))
    wait_until_over(pipeline, TESTS)
    expect(pipeline.state == "success", pipeline_words(pipeline))
    expect(not set(RELEASED) & set(pipeline.states), "a branch has stages that release")
    expect(commit not in environment.tags(), "the branch's image is at the hub")
    run = [name for name in pipeline.states if name != "test"]
    return f"{states(pipeline, *run)} (test is main's); the hub has no {short(commit)}"


@proof("git push", "main reaches production at its commit, and no request fails meanwhile")
def good(environment: Environment) -> str:
    """Push a good commit to main under load, approve it, and time it until it is live."""
    # An error of the release before: the next one's has to be told from it.
    environment.get(PRODUCTION, "/sentry-debug/")
    commit = environment.remote.commit("Say what is let", CHANGE)
    began = time.monotonic()
    pipeline = environment.pipelines.push("main")
    expect(pipeline.wait(lambda s: s["push"] == "success", TESTS), pipeline_words(pipeline))
    with (
        Load(environment.urls[STAGING]) as staging,
        Load(environment.urls[PRODUCTION]) as production,
    ):
        pipeline.wait(lambda s: s["approve-production"] == "on_hold", 300)
        expect(pipeline.states["approve-production"] == "on_hold", pipeline_words(pipeline))
        time.sleep(AWHILE)
        begun = pipeline.states["promote-production"] != "waiting"
        expect(not begun, "promote-production did not wait for the approval")
        pipeline.approve("approve-production")
        pipeline.wait(lambda s: s["promote-production"] in ("success", "failed"), 300)
        took = time.monotonic() - began
        pipeline.wait(lambda s: False, 300)
    expect(pipeline.state == "success", pipeline_words(pipeline))
    expect(environment.live(PRODUCTION) == commit, "production runs another commit")
    environment.good, environment.pushed = commit, pipeline
    for load in (staging, production):
        expect(not load.seen.failed, f"{load.url}: {load.seen}")
    asked = staging.seen.asked + production.seen.asked
    return f"{short(commit)} live {took:.0f} s after the push; {asked} requests, 0 failed"


@proof("lint", "a fault of style stops before the push")
def failing_lint(environment: Environment) -> str:
    """Push an unused import. The tests count as passed: nothing else than lint holds the push."""
    commit = environment.remote.commit(
        "Import what nobody uses", {"lettings/unused.py": "import os\n"}
    )
    pipeline = environment.pipelines.push("main", passed=("test",))
    wait_until_over(pipeline, TESTS)
    expect(pipeline.states["lint"] == "failed", pipeline_words(pipeline))
    expect("F401" in pipeline.log("lint"), "lint failed for another reason")
    expect_not_pushed(environment, pipeline, commit)
    return f"lettings/unused.py: F401; {states(pipeline, 'lint', 'push')}"


@proof("test", "a failing test stops before the push")
def failing_test(environment: Environment) -> str:
    """Push a test that fails, alone: the gate is the same, and found closed in seconds.

    Lint counts as passed: nothing else than the test holds the push.
    """
    text = "def test_that_two_and_two_are_five():\n    assert 2 + 2 == 5\n"
    test = "lettings/tests/test_sums.py"
    setup = (environment.remote.clone / "setup.cfg").read_text()
    alone = re.sub(r"(?m)^testpaths = .*$", f"testpaths = {test}", setup)
    commit = environment.remote.commit("Expect too much", {test: text, "setup.cfg": alone})
    pipeline = environment.pipelines.push("main", passed=("lint",))
    wait_until_over(pipeline, TESTS)
    expect(pipeline.states["test"] == "failed", pipeline_words(pipeline))
    expect("test_that_two_and_two_are_five" in pipeline.log("test"), "another test failed")
    expect_not_pushed(environment, pipeline, commit)
    return f"assert (2 + 2) == 5; {states(pipeline, 'test', 'push')}"


@proof("image", "a wrong password at the registry stops with a clear word")
def wrong_password(environment: Environment) -> str:
    """Push with a token that the hub does not know."""
    token = environment.contexts["docker-hub"]["DOCKERHUB_TOKEN"]
    environment.contexts["docker-hub"]["DOCKERHUB_TOKEN"] = "yesterdays-token"
    commit = environment.remote.commit(
        "Change a word", {"lettings/__init__.py": '"""All let."""\n'}
    )
    try:
        pipeline = environment.pipelines.push("main", passed=("lint", "test"))
        wait_until_over(pipeline, 300)
    finally:
        environment.contexts["docker-hub"]["DOCKERHUB_TOKEN"] = token
    expect(pipeline.states["push"] == "failed", pipeline_words(pipeline))
    words = "refuses the user or the token in DOCKERHUB_TOKEN"
    line = next((ln for ln in pipeline.log("push").splitlines() if words in ln), "")
    expect("401 Unauthorized" in pipeline.log("push"), "the hub itself did not refuse")
    expect(bool(line), "the log does not say why:\n" + pipeline.log("push")[-2000:])
    expect("yesterdays-token" not in pipeline.log("push"), "the log shows the token")
    expect(commit not in environment.tags(), "the image is at the hub")
    expect(environment.live(STAGING) == environment.good, "staging changed")
    return f"'{line.strip()}'; {states(pipeline, 'push', 'release-staging')}"


def expect_not_pushed(environment: Environment, pipeline: Pipeline, commit: str) -> None:
    """Raise Disproved if a commit whose checks failed has a tag, however its image turned out."""
    expect(pipeline.states["push"] == "not_run", pipeline_words(pipeline))
    expect(commit not in environment.tags(), "the image is at the hub")


def pipeline_words(pipeline: Pipeline) -> str:
    """Return the state of a pipeline as text, with the last lines of what failed."""
    failed = [name for name, state in pipeline.states.items() if state == "failed"]
    last = "\n".join(pipeline.log(name)[-3000:] for name in failed)
    return f"pipeline {pipeline.number}: {states(pipeline, *pipeline.states)}\n{last}"
