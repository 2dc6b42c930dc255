"""An actor for tests: it records all calls, and answers by a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from deploy.commands import Call, Command, Copy, Found, Inspect
from deploy.image.commands import SCHEMA_2
from deploy.registry.client import Refused
from deploy.registry.refusals import read_output
from deploy.runner import Answer, CommandFailed

NEW = "2" * 40
OLD = "1" * 40
FOUND = Found("sha256:" + "e" * 64, SCHEMA_2, "sha256:" + "f" * 64, NEW)


class Scripted:
    """Answers the first rule whose text occurs in a call; remembers every call's text.

    A rule's answer is a value, a list (one value a time, the last for ever), or an exception.
    """

    dry = False

    def __init__(self, rules: dict[str, Any]) -> None:
        self.rules = {key: list(v) if isinstance(v, tuple) else [v] for key, v in rules.items()}
        self.done: list[str] = []
        self.orders: list[Any] = []
        self.slept = 0

    def ask(self, call: Call) -> Any:
        return self._answer(call, {})

    def look(self, call: Call) -> Answer:
        said = self._answer(call, {})
        if isinstance(said, Answer):
            return said
        return Answer(200, json.dumps(said))

    def show(self, call: Call) -> int:
        return self._answer(call, 1)

    def run(self, command: Command) -> str:
        said = self._answer(command, "")
        if isinstance(said, CommandFailed):
            raise CommandFailed(command, said.output)
        return said

    def inspect(self, order: Inspect) -> Found:
        return self._answer(order, FOUND)

    def copy(self, order: Copy) -> int:
        return self._answer(order, 0)

    def until(self, what: str, check: Callable[[], Any], seconds: float, every: float) -> Any:
        for _ in range(20):
            answer = check()
            if answer:
                return answer
            self.slept += 1
        return answer

    def _answer(self, what: Call | Command | Inspect | Copy, default: Any) -> Any:
        text = str(what)
        self.done.append(text)
        self.orders.append(what)
        for key, answers in self.rules.items():
            if key in text:
                said = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(said, Exception) and not isinstance(said, CommandFailed):
                    raise said
                return said
        return default

    def did(self, part: str) -> list[str]:
        """Return what was done whose text has this part."""
        return [text for text in self.done if part in text]


def refused(words: str) -> CommandFailed:
    """Return what a rule answers when a command fails with these words."""
    return CommandFailed(Command(("docker",)), words)


def unwilling(
    words: str, registry: str = "hub.example", secret: str = "DOCKERHUB_TOKEN"
) -> Refused:
    """Return what a rule answers when a registry refuses with these words."""
    return Refused(registry, secret, read_output(words))


def image(letter: str, commit: str = NEW, kind: str = SCHEMA_2) -> Found:
    """Return an image as a registry has it: its id is of this letter."""
    return Found(f"sha256:{letter * 63}0", kind, f"sha256:{letter * 64}", commit)


def release(version: int, **more: Any) -> dict[str, Any]:
    """Return a release as the platform describes it."""
    base = {"id": f"id-{version}", "version": version, "status": "succeeded", "current": False}
    return base | {"output_stream_url": None, "description": "", "slug": None} | more


def dyno(version: int, state: str = "up", name: str = "web.1") -> dict[str, Any]:
    """Return a dyno as the platform describes it."""
    kind = name.partition(".")[0]
    return {"name": name, "type": kind, "state": state, "release": {"version": version}}


def site(commit: str, environment: str = "staging") -> dict[str, str]:
    """Return what /version says."""
    return {"commit": commit, "environment": environment, "django": "5.2"}
