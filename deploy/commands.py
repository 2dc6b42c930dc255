"""Commands and HTTP calls as values that can be printed, compared and run."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Secret:
    """A value that is sent and never shown: that of a variable, or a given one.

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
        """Return method and URL, without the body."""
        return f"{self.method} {self.url}"

    @property
    def credential(self) -> str:
        """The variable with the caller's secret."""
        headers = (v.name for v in self.headers.values() if isinstance(v, Secret))
        return self.token or next(headers, "")

    @property
    def secrets(self) -> Iterator[Secret]:
        """The secrets that are sent and must not be shown."""
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


@dataclass(frozen=True)
class Account:
    """An account at a registry; ``secret`` names the variable of its token, if it has one."""

    name: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Found:
    """What an image in a registry is.

    Its manifest's digest and media type; the digest of its configuration, which is the image's
    id; and the commit that its label names. The last two are empty of any kind but schema 2.
    """

    REVISION: ClassVar[str] = "org.opencontainers.image.revision"

    digest: str
    kind: str
    id: str
    commit: str


@dataclass(frozen=True)
class Inspect:
    """Inspects an image in its registry."""

    image: str
    account: Account
    example: Found = field(
        default=Found("$DIGEST", "$KIND", "$IMAGE_ID", "$COMMIT"), compare=False
    )

    def __str__(self) -> str:
        return f"look at {self.image}"


@dataclass(frozen=True)
class Copy:
    """Copies an image to another registry, or to another repository of the same.

    ``beside`` is a repository of the target's registry that may have the layers already.
    """

    source: str
    target: str
    reader: Account
    writer: Account
    beside: str = ""

    def __str__(self) -> str:
        return f"copy {self.source} to {self.target}"


def quoted(word: str) -> str:
    """Quote a word for a shell, except what stands for a value that is not known yet."""
    return word if re.fullmatch(r"[\w$:./@=-]+", word) else shlex.quote(word)


def command(*argv: str, **options: Any) -> Command:
    """Return the command with these words."""
    return Command(argv, **options)
