"""The frame of each program: output without secrets, and errors with reason and next step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from urllib.parse import quote

SECRETS = (
    "HEROKU_API_KEY",
    "CIRCLECI_TOKEN",
    "DOCKERHUB_TOKEN",
    "SENTRY_AUTH_TOKEN",
    "SENTRY_DSN",
)


class Stop(Exception):
    """An error for the operator: what was found, why it matters, what to type next."""


def mask(text: str) -> str:
    """Return the text with the value of every secret variable replaced by its name."""
    for name in SECRETS:
        value = os.environ.get(name, "")
        # A value this short is no secret, and would mangle every line.
        if len(value) >= 6:
            for form in {value, quote(value, safe="")}:
                text = text.replace(form, f"${name}")
    return text


def say(text: str = "", end: str = "\n") -> None:
    """Print immediately, without secrets."""
    print(mask(text), end=end, flush=True)


def main(program: Callable[[list[str]], None]) -> None:
    """Run a program with these arguments; for a Stop, print its message and exit with code 1."""
    try:
        program(sys.argv[1:])
    except Stop as stop:
        print(mask(f"\n{os.environ.get('VERB', 'deploy')}: {stop}"), file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped by hand; what was begun may still be running", file=sys.stderr)
        sys.exit(130)


def need(name: str, why: str, how: str) -> str:
    """Return the variable's value; raise Stop if it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise Stop(f"{name} is not set. {why}\n  {how}")
    if any(character.isspace() for character in value):
        raise Stop(f"{name} holds a space or a line break: set it again, without.\n  {how}")
    return value
