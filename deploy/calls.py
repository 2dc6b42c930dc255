"""What is to be done, as values that can be printed, compared and carried out."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One HTTP request; ``token`` names the variable that holds the bearer token.

    ``example`` is the answer that ``--dry-run`` presumes; ``missing`` says what a 404 means.
    """

    method: str
    url: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""
    user: str | None = None
    example: Any = field(default=None, compare=False)
    missing: str = field(default="", compare=False)

    @property
    def target(self) -> str:
        """Give what is asked of whom, without what is sent."""
        return f"{self.method} {self.url}"

    def __str__(self) -> str:
        body = "" if self.body is None else " " + json.dumps(self.body)
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
