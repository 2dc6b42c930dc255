"""Reads settings from the environment, and remembers what was read for the settings doctor.

Every reader takes the variable's name and its default. A value that can't be understood is
noted as a fault and replaced by the default, so that one run can report every fault at once;
``Env.stop_on_faults`` then refuses to start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

REQUIRED = object()


@dataclass(frozen=True)
class Variable:
    """One variable as it was read: where its value came from and what it became."""

    name: str
    value: Any
    source: str
    secret: bool = False

    @property
    def shown(self) -> str:
        """The value as text, with secrets masked."""
        if self.secret and self.value:
            return "********"
        return str(self.value)


@dataclass(frozen=True)
class Fault:
    """What was found, why it matters, and what to type."""

    name: str
    found: str
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.name}: {self.found}\n  why: {self.why}\n  fix: {self.fix}"


@dataclass
class Env:
    """Typed readers over a mapping of variables (``os.environ`` by default in settings)."""

    source: Mapping[str, str]
    dotenv: Mapping[str, str | None] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def str(self, name: str, default: Any = "", *, secret: bool = False, why: str = "") -> str:
        """Give the text of ``name``, or of the file that ``<name>_FILE`` names."""
        return self._read(name, default, str, "any text", secret=secret, why=why)

    def bool(self, name: str, default: bool) -> bool:
        """Give true or false; accepts true, false, 1, 0, yes, no, on, off."""
        return self._read(name, default, _bool, "true or false")

    def int(self, name: str, default: int, *, at_least: int = 0) -> int:
        """Give a whole number of ``at_least`` or more."""
        return self._read(
            name, default, _at_least(at_least, int), f"a whole number, {at_least} up"
        )

    def float(self, name: str, default: float, *, at_most: float | None = None) -> float:
        """Give a number from 0 to ``at_most``."""

        def parse(text: str) -> float:
            value = float(text)
            if not 0 <= value <= (at_most if at_most is not None else float("inf")):
                raise ValueError(text)
            return value

        accepted = "a number, 0 up" if at_most is None else f"a number from 0 to {at_most:g}"
        return self._read(name, default, parse, accepted)

    def list(self, name: str, default: Any = (), *, why: str = "") -> list[str]:
        """Give the comma-separated parts, without blanks."""
        return self._read(name, default, _parts, "words separated by commas", why=why)

    def choice(self, name: str, default: str, accepted: tuple[str, ...]) -> str:
        """Give one of ``accepted``."""

        def parse(text: str) -> str:
            if text not in accepted:
                raise ValueError(text)
            return text

        return self._read(name, default, parse, "one of " + ", ".join(accepted))

    def parsed(
        self, name: str, default: Any, parse: Callable[[str], Any], accepted: str, **options: Any
    ) -> Any:
        """Give ``parse(text)``; ``parse`` raises ValueError for text it can't take."""
        return self._read(name, default, parse, accepted, **options)

    def stop_on_faults(self) -> None:
        """Raise ImproperlyConfigured with every fault, if there is one."""
        if self.faults:
            raise ImproperlyConfigured(
                "The environment can't be used as it is:\n\n"
                + "\n\n".join(str(fault) for fault in self.faults)
                + "\n\nSee docs/configuration.md; `bin/doctor` shows every variable."
            )

    def _read(
        self,
        name: str,
        default: Any,
        parse: Callable[[str], Any],
        accepted: str,
        *,
        secret: bool = False,
        why: str = "",
    ) -> Any:
        text, source = self._text(name)
        value = None if default is REQUIRED else default
        if text is None:
            source = "default"
            if default is REQUIRED:
                source = "missing"
                self.faults.append(
                    Fault(name, "not set", why or "it has no safe default", f"export {name}=...")
                )
        else:
            try:
                value = parse(text)
            except ValueError:
                shown = "a value that can't be read" if secret else f"{text!r}"
                self.faults.append(
                    Fault(name, f"found {shown}", f"accepted: {accepted}", f"export {name}=...")
                )
        self.variables[name] = Variable(name, value, source, secret)
        return value

    def _text(self, name: str) -> tuple[str | None, str]:
        for mapping, label in ((self.source, "environment"), (self.dotenv, ".env")):
            if mapping.get(name):
                return mapping[name], label
            path = mapping.get(f"{name}_FILE")
            if path:
                return self._file(name, path), f"{label}, {name}_FILE"
        return None, "default"

    def _file(self, name: str, path: str) -> str | None:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            self.faults.append(
                Fault(
                    name,
                    f"{name}_FILE={path!r}: {error.strerror}",
                    "the secret is read from that file",
                    f"check the path, or export {name}=...",
                )
            )
            return None


def _bool(text: str) -> bool:
    lowered = text.lower()
    if lowered in {"true", "1", "yes", "on"}:
        return True
    if lowered in {"false", "0", "no", "off"}:
        return False
    raise ValueError(text)


def _at_least(minimum: int, convert: Callable[[str], int]) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = convert(text)
        if value < minimum:
            raise ValueError(text)
        return value

    return parse


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
