"""What a registry's refusals mean and what to do next; whatever said them: its API, or docker.

A client's words carry the registry's, so one table reads both. The first row that fits counts.
Codes: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from .refusal_table import ROWS, Row

STATUS = re.compile(
    r"\bHTTP (?:status: )?(\d{3})\b"
    r"|\bunexpected status(?: code| from \w+ request to)? \S+?:? (\d{3})\b"
    r"|\bunexpected status(?: code)?:? (\d{3})\b"
    r"|\bfailed with status: (\d{3})\b"
    r"|\bremote response: (\d{3})\b",
    re.I,
)
MOST_WORDS = 300


@dataclass(frozen=True)
class Refusal:
    """What was said, and the row of the table that says what it means."""

    row: Row
    words: str

    @property
    def again(self) -> int:
        """In how many seconds the same may succeed; 0 if waiting is no help."""
        return self.row.again

    @property
    def absent(self) -> bool:
        """Return whether the requested thing does not exist."""
        return self.row.kind == "absent"

    def found(self, registry: str, secret: str) -> str:
        """Return what was found, with the registry's own words."""
        subject = "" if self.row.kind in ("engine", "disk") else f"the registry {registry} "
        return f"{subject}{self.row.found.format(secret=secret)}: {self.words}"

    def way(self, registry: str, secret: str) -> str:
        """Return what to do next; ``secret`` is the variable of the token for this registry."""
        user = "DOCKERHUB_USERNAME and " if secret == "DOCKERHUB_TOKEN" else ""
        return self.row.way.format(registry=registry, secret=secret, login=f"{user}{secret}")


def read(status: int, body: str) -> Refusal:
    """Return what an answer of the registry's API means, of this HTTP status and body."""
    words = _words(body) or (f"HTTP {status}, and no words" if not body.strip() else body.strip())
    return Refusal(_row(words, status), _short(words))


def read_output(output: str) -> Refusal:
    """Return what the output of a failed docker command means; its last line tells."""
    lines = [line.strip() for line in output.strip().splitlines() if line.strip()]
    words = lines[-1] if lines else "it said nothing"
    found = STATUS.search(words)
    status = int(next(group for group in found.groups() if group)) if found else 0
    row = _row(words, status)
    # An older line tells more than "exit status 1" or "for help run docker".
    for line in reversed(lines[:-1]):
        if row.kind != "unknown":
            break
        row, words = _row(line, 0), line
    if row.kind == "unknown":
        words = lines[-1] if lines else words
    return Refusal(row, _short(words))


def read_error(words: str) -> Refusal:
    """Return what a connection's failure means."""
    return Refusal(_row(words, 0, or_else="unreachable"), _short(words))


def _row(words: str, status: int, or_else: str = "unknown") -> Row:
    for row in ROWS:
        if row.fits(words, status):
            return row
    return next(row for row in ROWS if row.kind == or_else)


def _words(body: str) -> str:
    """Return code and message of every error in a JSON body; empty if it holds none.

    >>> _words('{"errors": [{"code": "DENIED", "message": "not yours"}]}')
    'denied: not yours'
    """
    try:
        said: Any = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    errors = said.get("errors")
    if not isinstance(errors, list):
        # Docker Hub's token server has `details`, proxies `message` or `error`.
        return str(
            next((said[key] for key in ("details", "message", "error") if said.get(key)), "")
        )
    return "; ".join(_one(error) for error in errors)


def _one(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    code = str(error.get("code", "")).lower().replace("_", " ")
    detail = error.get("detail")
    parts = [code, str(error.get("message") or ""), detail if isinstance(detail, str) else ""]
    return ": ".join(part for part in parts if part)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= MOST_WORDS else line[:MOST_WORDS] + " …"
