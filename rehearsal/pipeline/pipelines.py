"""Start a pipeline for every push, run its stages when they are ready, and report on them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tools.circleci import plan
from tools.circleci.config import Stage, read
from tools.circleci.model import ENDS
from tools.circleci.strict_yaml import Unread

from .containers import Run
from .job import Machine, Node, empty, in_parallel
from .git_remote import Push, Remote

OVER = set(ENDS)
EVERY = 0.1


class Refused(Exception):
    """What the workflow file asks for, and why the rehearsal can't give it."""


class SerialGroups:
    """Who may run in a serial group: one pipeline at a time, and never an older after a newer.

    https://circleci.com/docs/controlling-serial-execution-across-your-organization/
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: dict[str, int] = {}
        self.waiting: dict[str, set[int]] = {}

    def ask(self, group: str, number: int) -> str:
        """Return "running" if the pipeline may run now, "waiting" or "not_run" otherwise."""
        with self.lock:
            waiting = self.waiting.setdefault(group, set())
            newest = max({self.running.get(group, 0), *waiting, 0})
            if newest > number:
                waiting.discard(number)
                return "not_run"
            if group in self.running:
                waiting.add(number)
                return "waiting"
            waiting.discard(number)
            self.running[group] = number
            return "running"

    def leave(self, group: str) -> None:
        """Let the next one in."""
        with self.lock:
            self.running.pop(group, None)


class Pipeline:
    """One push on its way; ``states`` are by the names of its stages."""

    def __init__(
        self,
        number: int,
        push: Push,
        stages: tuple[Stage, ...],
        machine: Machine,
        contexts: Mapping[str, Mapping[str, str]],
        groups: SerialGroups,
        folder: Path,
        identity: str,
    ) -> None:
        self.number, self.push, self.stages = number, push, stages
        self.machine, self.contexts, self.groups = machine, contexts, groups
        self.folder, self.identity = empty(folder), identity
        self.states = {
            stage.name: "success" if stage.name in push.passed else "waiting" for stage in stages
        }
        self.seconds: dict[str, float] = {}
        self.began, self.clock = datetime.now(UTC), time.monotonic()
        self.changed = threading.Condition()
        self.nodes: dict[str, list[Node]] = {}
        self.thread = threading.Thread(target=self._schedule, daemon=True)
        self.thread.start()

    @property
    def state(self) -> str:
        """Return the state of the whole pipeline."""
        states = set(self.states.values())
        for state in ("running", "on_hold", "waiting"):
            if state in states:
                return state
        return next((s for s in ("failed", "canceled", "not_run") if s in states), "success")

    def approve(self, name: str) -> None:
        """Press the button of an approval."""
        self._turn(name, "success")

    def cancel(self) -> None:
        """Cancel what runs and what waits, as an operator would."""
        with self.changed:
            for name, state in self.states.items():
                if state not in OVER:
                    self.states[name] = "canceled"
            nodes = [node for each in self.nodes.values() for node in each]
            self.changed.notify_all()
        for node in nodes:
            node.cancel()
        self._record()

    def wait(self, until: Callable[[dict[str, str]], bool], seconds: float) -> bool:
        """Wait until the states are as wished; return False if they end otherwise, or too late."""
        end = time.monotonic() + seconds
        with self.changed:
            while not until(self.states):
                left = end - time.monotonic()
                if left <= 0 or (set(self.states.values()) <= OVER):
                    return until(self.states)
                self.changed.wait(min(left, 1))
        return True

    def log(self, stage: str) -> str:
        """Return all that the nodes of a stage have said."""
        return "".join(
            path.read_text() for path in sorted(self.folder.glob(f"{stage}-[0-9]*.log"))
        )

    def _turn(self, name: str, state: str) -> None:
        with self.changed:
            if self.states[name] in ("canceled", state):
                return
            self.states[name] = state
            self.changed.notify_all()
        self._record()

    def _schedule(self) -> None:
        self._record()
        while not set(self.states.values()) <= OVER:
            for stage in plan.ready(self.stages, self.states):
                self._begin(stage)
            for stage in plan.blocked(self.stages, self.states):
                self._turn(stage.name, "not_run")
            with self.changed:
                self.changed.wait(EVERY)

    def _begin(self, stage: Stage) -> None:
        if not stage.job:
            self._turn(stage.name, "on_hold")
            return
        if stage.serial_group:
            answer = self.groups.ask(stage.serial_group, self.number)
            if answer != "running":
                self._turn(stage.name, answer)
                return
        self._turn(stage.name, "running")
        threading.Thread(target=self._run, args=(stage,), daemon=True).start()

    def _run(self, stage: Stage) -> None:
        began = time.monotonic()
        secrets = {k: v for name in stage.contexts for k, v in self.contexts[name].items()}
        wanted = (self.identity, self.number, stage)
        upstream = plan.before(stage.name, self.stages)
        runs = [
            Run(*wanted, node, self.push.commit, self.push.branch, secrets, upstream)
            for node in range(stage.job.parallelism)
        ]
        nodes = [Node(self.machine, run, self.folder) for run in runs]
        with self.changed:
            if self.states[stage.name] != "canceled":
                self.nodes[stage.name] = nodes
        good = bool(self.nodes.get(stage.name)) and in_parallel([n.carry_out for n in nodes])
        if stage.serial_group:
            self.groups.leave(stage.serial_group)
        self.seconds[stage.name] = time.monotonic() - began
        self._turn(stage.name, "success" if good else "failed")

    def _record(self) -> None:
        stages = [self._tell(stage) for stage in self.stages]
        text = json.dumps(
            {
                "number": self.number,
                "branch": self.push.branch,
                "commit": self.push.commit,
                "subject": self.push.subject,
                "workflow": "delivery",
                "state": self.state,
                "began": self.began.isoformat(timespec="seconds"),
                "seconds": round(time.monotonic() - self.clock, 1),
                "stages": stages,
            },
            indent=1,
        )
        partial_file = self.folder / f".{threading.get_ident()}.json"
        partial_file.write_text(text)
        partial_file.replace(self.folder / "pipeline.json")

    def _tell(self, stage: Stage) -> dict[str, object]:
        job = stage.job
        logs = [path.name for path in sorted(self.folder.glob(f"{stage.name}-[0-9]*.log"))]
        return {
            "name": stage.name,
            "state": self.states[stage.name],
            "seconds": round(self.seconds.get(stage.name, 0), 1),
            "requires": list(stage.requires),
            "contexts": list(stage.contexts),
            "services": [container.image for container in job.containers[1:]] if job else [],
            "logs": logs,
        }


class Pipelines:
    """Starts a pipeline for each push to the remote; ``contexts`` hold the secrets by name."""

    def __init__(
        self,
        remote: Remote,
        machine: Machine,
        contexts: Mapping[str, Mapping[str, str]],
        folder: Path,
        identity: str,
    ) -> None:
        self.remote, self.machine, self.contexts = remote, machine, contexts
        self.folder, self.identity = empty(folder), identity
        self.groups = SerialGroups()
        self.all: list[Pipeline] = []
        self.problems: list[str] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Pipelines":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join(5)
        for pipeline in self.all:
            pipeline.cancel()

    def push(self, branch: str, passed: tuple[str, ...] = ()) -> Pipeline:
        """Push the clone's commit; return the pipeline that the push has started."""
        count = len(self.all)
        self.remote.push(branch, passed)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if self.problems:
                raise Refused(self.problems.pop())
            if len(self.all) > count:
                return self.all[count]
            time.sleep(0.02)
        raise Refused("the push started nothing within 10 s: is the remote's hook in place?")

    def rerun(self, pipeline: Pipeline) -> Pipeline:
        """Run a pipeline again from what failed: https://circleci.com/docs/workflows/"""
        passed = tuple(name for name, state in pipeline.states.items() if state == "success")
        push = pipeline.push
        return self._start(Push(push.commit, push.branch, push.subject, passed))

    def _watch(self) -> None:
        position = 0
        while not self.over.wait(EVERY):
            pushes, position = self.remote.since(position)
            for push in pushes:
                try:
                    self._start(push)
                except Unread as unread:
                    self.problems.append(f".circleci/config.yml: {unread}")
                except Exception as error:  # whoever pushed is told, and waits no longer
                    self.problems.append(f"{type(error).__name__}: {error}")

    def _start(self, push: Push) -> Pipeline:
        number = len(self.all) + 1
        written = self.folder / f"config-{number}.yml"
        written.write_text(self.remote.configuration(push.commit))
        stages = plan.chosen(read(written), push.branch)
        for stage in stages:
            self._check(stage)
        pipeline = Pipeline(
            *(number, push, stages, self.machine, self.contexts, self.groups),
            *(self.folder / str(number), self.identity),
        )
        self.all.append(pipeline)
        return pipeline

    def _check(self, stage: Stage) -> None:
        for name in stage.contexts:
            if name not in self.contexts:
                raise Refused(f"{stage.name} wants the context {name}; rehearsal/main.py has none")
        for container in stage.job.containers if stage.job else ():
            if container.image.split(":")[0] not in self.machine.images:
                raise Refused(
                    f"{stage.name} wants {container.image}; rehearsal/images has no such"
                )
