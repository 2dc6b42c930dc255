"""Read settings from the environment, and remember what was read for the settings doctor.

Every reader takes the variable's name and its default. A value that can't be understood is noted
as a fault and replaced by the default, so that one run reports all faults;
``Env.stop_on_faults`` then refuses to start.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

REQUIRED = object()
MASK = "********"
as_text = str  # inside Env, ``str`` is a method


@dataclass(frozen=True)
class Variable:
    """A variable that was read: its value without secrets, and where it came from."""

    name: str
    shown: str
    source: str


@dataclass(frozen=True)
class Fault:
    """A bad value: what was found, why it matters, and how to fix it."""

    name: str
    found: str
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.name}: {self.found}\n  why: {self.why}\n  fix: {self.fix}"


class BadEnvironment(ImproperlyConfigured):
    """Raised when the environment has faults; ``env`` has them and all variables."""

    def __init__(self, env: Env):
        self.env = env
        super().__init__(
            "The environment can't be used as it is.\n\n"
            + "\n\n".join(str(fault) for fault in env.faults)
            + "\n\nbin/doctor shows every variable; docs/configuration.md explains them."
        )


@dataclass
class Env:
    """Readers for each type of variable; ``dotenv`` has what ``source`` lacks."""

    source: Mapping[str, str]
    dotenv: Mapping[str, str | None] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # The secret values that were read.
    secrets: set[as_text] = field(default_factory=set)

    def str(self, name: str, default: Any = "", **options: Any) -> str:
        """Return the text of ``name``, or of the file that ``<name>_FILE`` names."""
        return self.parsed(name, default, as_text, "any text", **options)

    def secret(self, name: str, default: Any = "", **options: Any) -> str:
        """Return a secret, which is never printed."""
        return self.parsed(name, default, as_text, "any text", hide=mask, **options)

    def url(self, name: str, default: Any, schemes: tuple[str, ...], **options: Any) -> str:
        """Return a URL with one of ``schemes``; its password is never printed."""

        def parse(text: str) -> str:
            if not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
                raise ValueError(name)
            parts = urlsplit(text)
            # A # or / in a password ends the host, or makes the port no number: ValueError.
            if parts.fragment or parts.port == 0 or not (parts.hostname or parts.scheme == "unix"):
                raise ValueError(name)
            return text

        accepted = " or ".join(f"{scheme}://..." for scheme in schemes)
        return self.parsed(name, default, parse, accepted, hide=mask_url, **options)

    def bool(self, name: str, default: bool) -> bool:
        """Return a bool; accepts true, false, 1, 0, yes, no, on, off."""
        return self.parsed(name, default, _bool, "true or false", show=lambda v: f"{v}".lower())

    def int(self, name: str, default: int, *, at_least: int = 0) -> int:
        """Return a whole number of ``at_least`` or more."""
        return self.parsed(
            name, default, _number(int, at_least), f"a whole number, {at_least} or more"
        )

    def float(self, name: str, default: float, *, at_most: float = float("inf")) -> float:
        """Return a number from 0 to ``at_most``."""
        return self.parsed(
            name, default, _number(float, 0, at_most), f"a number from 0 to {at_most:g}"
        )

    def choice(self, name: str, default: str, accepted: tuple[str, ...]) -> str:
        """Return one of ``accepted``."""

        def parse(text: str) -> str:
            if text not in accepted:
                raise ValueError(text)
            return text

        return self.parsed(name, default, parse, "one of " + ", ".join(accepted))

    def parsed(
        self,
        name: str,
        default: Any,
        parse: Callable[[str], Any],
        accepted: str,
        *,
        show: Callable[[Any], str] = as_text,
        hide: Callable[[str], str] = as_text,
        why: str = "a guess would run the site otherwise than you meant",
        fix: str = "",
    ) -> Any:
        """Return ``parse(text)``; ``parse`` raises ValueError for text it does not accept.

        ``accepted`` describes valid values; ``show`` turns a value into text, and ``hide``
        masks the secrets in that text; ``why`` and ``fix`` go into the fault.
        """
        text, source = self._find(name)
        if text and hide is not as_text:
            self.secrets.add(text)
        value = None if default is REQUIRED else default
        fix = fix or f"export {name}={'...' if value is None else show(value)}"
        if text is None and default is REQUIRED and source == "default":
            source = "missing"
            self.fault(name, "not set", why, fix)
        elif text is not None:
            try:
                value = parse(text)
            except ValueError:
                self.fault(name, f"found {hide(text)!r}, accepted: {accepted}", why, fix)
        shown = "" if value is None else hide(show(value))
        self.variables[name] = Variable(name, shown, source)
        return value

    def fault(self, name: str, found: str, why: str, fix: str) -> None:
        """Record a fault."""
        self.faults.append(Fault(name, found, why, fix))

    def stop_on_faults(self) -> None:
        """Raise BadEnvironment if there are faults."""
        self._note_near_misses()
        if self.faults:
            raise BadEnvironment(self)

    def _find(self, name: str) -> tuple[str | None, str]:
        for mapping, label in ((self.source, "environment"), (self.dotenv, ".env")):
            text, path = mapping.get(name), mapping.get(f"{name}_FILE")
            if text and path:
                self.fault(
                    name,
                    f"both {name} and {name}_FILE are set",
                    "one of them is not what you meant",
                    f"unset {name}",
                )
            if text:
                return text, label
            if path:
                return self._read_file(name, path, label)
        return None, "default"

    def _read_file(self, name: str, path: str, label: str) -> tuple[str | None, str]:
        try:
            return Path(path).read_text().strip(), f"{label}, {name}_FILE"
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            self.fault(
                name,
                f"{name}_FILE={path}: {reason}",
                f"{name} is read from that file",
                f"export {name}_FILE=/path/to/a/readable/file",
            )
            return None, "unreadable"

    def _note_near_misses(self) -> None:
        known = {*self.variables, *(f"{name}_FILE" for name in self.variables)}
        for name in sorted({*self.source, *self.dotenv} - known):
            meant = near_miss(name, known)
            if meant:
                self.fault(
                    name,
                    f"set, but nothing reads it; did you mean {meant}?",
                    "the site runs as if it were not there",
                    f"rename it to {meant}, or: unset {name}",
                )


def near_miss(name: str, known: set[str]) -> str | None:
    """Return the known name of which ``name`` is probably a misspelling, or None.

    A longer name that merely contains one of ours (REDIS_TLS_URL) belongs to someone else.
    """
    upper = name.upper()
    close = difflib.get_close_matches(upper, known, n=3, cutoff=0.85)
    return next((other for other in close if abs(len(other) - len(upper)) <= 2), None)


def mask_url(text: str) -> str:
    """Return a URL with its password masked, and any secret in its query.

    >>> mask_url("postgres://oc:pass#word@db.example/oc?sslmode=require")
    'postgres://oc:********@db.example/oc?sslmode=require'
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        return mask(text)
    userinfo, at, host = rest.rpartition("@")
    user, colon, _ = userinfo.partition(":")
    if colon:
        userinfo = f"{user}:{MASK}"
    elif scheme in {"http", "https"}:  # a Sentry DSN has its key in the place of a user name
        userinfo = mask(userinfo)
    host = re.sub(r"([^?&=]*(?:pass|secret|key|token)[^=]*=)[^&]*", rf"\1{MASK}", host, flags=re.I)
    return f"{scheme}://{userinfo}{at}{host}"


def mask(text: str) -> str:
    """Return asterisks for any text, and "" for ""."""
    return MASK if text else ""


def _bool(text: str) -> bool:
    lowered = text.lower()
    if lowered in {"true", "1", "yes", "on"}:
        return True
    if lowered in {"false", "0", "no", "off"}:
        return False
    raise ValueError(text)


def _number(convert: Callable[[str], Any], low: float, high: float = float("inf")):
    def parse(text: str) -> Any:
        value = convert(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse
