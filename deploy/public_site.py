"""Check the public site: only its own answers prove a release."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .commands import Call
from .commits import short
from .runner import Actor, Answer

# During a hand-over old and new processes answer side by side: one good answer proves nothing.
IN_A_ROW = 3
STEADY = 2 * IN_A_ROW
EVERY = 1.0


@dataclass(frozen=True)
class Seen:
    """The answers of /version and /readyz: ``ready`` means 200, ``words`` is what was wrong."""

    commit: str
    ready: bool
    words: str
    environment: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the site is as it should be; if not, ``words`` say what is wrong."""

    good: bool
    words: str


def version(url: str, commit: str = "$COMMIT") -> Call:
    """Return the call for the commit that the site runs."""
    example = {"commit": commit, "environment": "$ENVIRONMENT"}
    return Call("GET", url.rstrip("/") + "/version", example=example)


def readyz(url: str) -> Call:
    """Return the call for the state of database, cache and migrations."""
    return Call("GET", url.rstrip("/") + "/readyz", example={"status": "ready"})


def see(actor: Actor, url: str, example: str = "$COMMIT") -> Seen:
    """Return what the site answers once; never raise."""
    said = actor.look(version(url, example))
    body = said.json if isinstance(said.json, dict) else {}
    commit, environment = str(body.get("commit", "")), str(body.get("environment", ""))
    if not commit:
        return Seen("", False, f"/version: {describe(said)}")
    ready = actor.look(readyz(url))
    if ready.status != 200:
        return Seen(commit, False, f"/readyz: {describe(ready)}", environment)
    return Seen(commit, True, "", environment)


def wait_for(
    actor: Actor,
    url: str,
    commit: str,
    seconds: float,
    hopeless: Callable[[list[Seen]], str] = lambda seen: "",
) -> Verdict:
    """Wait until the site names this commit and is ready, several times in a row.

    ``hopeless`` returns why waiting longer is useless, from all that was seen, or "".
    """
    seen, words = [Seen("", False, "it was not asked")], ""
    enough = 1 if actor.dry else IN_A_ROW

    def right(one: Seen) -> bool:
        return one.ready and one.commit == commit

    def check() -> bool:
        nonlocal words
        seen.append(see(actor, url, commit))
        words = "" if right(seen[-1]) else hopeless(seen)
        return bool(words) or all(map(right, seen[-enough:]))

    what = f"{url} says {short(commit)} and is ready, {IN_A_ROW} times in a row"
    over = actor.until(what, check, seconds, EVERY)
    if over and not words:
        return Verdict(True, "")
    after = "" if words else f" after {seconds:.0f} s"
    return Verdict(False, f"{url} is not right{after}: {words or mismatch(seen[-1], commit)}")


def steady(seen: list[Seen]) -> str:
    """Return the commit that all of the newest answers name; "" if they differ or are too few."""
    newest = {one.commit for one in seen[-STEADY:]} if len(seen) >= STEADY else set()
    return newest.pop() if len(newest) == 1 else ""


def strange(steady: str, known: set[str]) -> str:
    """Return a message if the site steadily names a commit that is neither the old nor the new."""
    if steady in known | {""}:
        return ""
    return f"it says commit {short(steady)}, which nobody released"


def describe(answer: Answer) -> str:
    """Return in one line what came instead of a good answer."""
    if answer.status == 0:
        return f"no answer ({answer.text})"
    if isinstance(answer.json, dict):
        parts = {k: v for k, v in answer.json.items() if k != "status" and v != "ok"}
        return f"{answer.status}, " + ", ".join(f"{name}: {said}" for name, said in parts.items())
    words = " ".join(
        re.sub(r"<(title|style).*?</\1>|<[^>]*>", " ", answer.text, flags=re.S).split()
    )
    return f"{answer.status}, {words[:120]}"


def mismatch(seen: Seen, commit: str) -> str:
    """Return how the answers differ from the commit that should be live."""
    if seen.commit and seen.commit != commit:
        also = f" ({seen.words})" if seen.words else ""
        return f"it says commit {short(seen.commit)}, not {short(commit)}{also}"
    return seen.words or f"it said {short(commit)} only now and then"
