"""What is to be done, as values that can be printed, compared and carried out."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Secret:
    """A value that is sent and never shown: the variable's, or the one that is given.

    ``before`` stands before it, and may be shown.

    >>> str(Secret("EMAIL_URL"))
    '$EMAIL_URL'
    """

    name: str
    value: str = field(default="", repr=False)
    before: str = ""

    def __str__(self) -> str:
        return f"{self.before}${self.name}"

    def reveal(self) -> str:
        """Return the value, to be sent."""
        return self.before + (self.value or os.environ.get(self.name, ""))


@dataclass(frozen=True)
class Call:
    """One HTTP request; ``token`` names the variable that holds the bearer token.

    Body and headers may hold a Secret. ``example`` is the answer that ``--dry-run`` presumes;
    ``missing`` says what a 404 means.
    """

    method: str
    url: str
    body: dict[str, Any] | None = None
    headers: dict[str, str | Secret] = field(default_factory=dict)
    token: str = ""
    user: str | None = None
    example: Any = field(default=None, compare=False)
    missing: str = field(default="", compare=False)

    @property
    def target(self) -> str:
        """Give what is asked of whom, without what is sent."""
        return f"{self.method} {self.url}"

    @property
    def credential(self) -> str:
        """The variable that says who asks."""
        headers = (v.name for v in self.headers.values() if isinstance(v, Secret))
        return self.token or next(headers, "")

    @property
    def secrets(self) -> Iterator[Secret]:
        """What is sent and must not be shown."""
        for value in (*self.headers.values(), *(self.body or {}).values()):
            if isinstance(value, Secret):
                yield value

    def written(self) -> bytes:
        """Return the body as it is sent."""
        return json.dumps(self.body, default=Secret.reveal).encode()

    def __str__(self) -> str:
        body = "" if self.body is None else " " + json.dumps(self.body, default=str)
        return f"{self.target}{body}"


@dataclass(frozen=True)
class Command:
    """One program run; ``secret`` names the variable that goes to its standard input."""

    argv: tuple[str, ...]
    secret: str = ""
    quiet: bool = False
    example: str = field(default="", compare=False)

    def __str__(self) -> str:
        source = f'printf %s "${self.secret}" | ' if self.secret else ""
        return source + " ".join(quoted(word) for word in self.argv)


def quoted(word: str) -> str:
    """Quote a word for a shell, except what stands for a value that is not known yet."""
    return word if re.fullmatch(r"[\w$:./@=-]+", word) else shlex.quote(word)


def command(*argv: str, **options: Any) -> Command:
    """Give the command with these words."""
    return Command(argv, **options)
