"""Starts the process that decodes a picture, and reads what it made."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from . import turns
from .refusals import Refusal
from .turns import Busy

logger = logging.getLogger(__name__)

Rendition = tuple[
    tuple[int, int], dict[str, Any]
]  # a size in pixels, and options of Pillow's save

# The largest pictures take 375 MB of address space: tests/test_bombs.py sends them.
MEGABYTES = 480
# Of a library that it links or of coverage.py, which measures it; secrets are not among them.
VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "COVERAGE_")
START = "import sys; sys.path.append(sys.argv.pop()); from {package} import child; child.main()"


@dataclass(frozen=True)
class Bounds:
    """How long a picture may take; seconds of all but ``cpu_seconds`` are those of the wall."""

    cpu_seconds: int
    seconds: float
    patience: float  # for its turn
    pause: float  # between two looks whether it is its turn


# Together less than the 30 s of a router: the largest takes 2 s of a processor.
# https://devcenter.heroku.com/articles/request-timeout
OF_PAGE = Bounds(cpu_seconds=8, seconds=18, patience=6, pause=0.02)
# Of what runs behind the pages: nobody waits, and pages go first.
OF_TASK = Bounds(cpu_seconds=60, seconds=120, patience=60, pause=0.25)


def render(
    file: BinaryIO,
    size: tuple[int, int],
    renditions: Sequence[Rendition],
    *,
    in_background: bool = False,
) -> list[bytes]:
    """Return the files made of a picture that is cut to ``size``, one for each rendition.

    Raise Refusal if the picture can't be taken, and Busy if none can just now.
    """
    bounds = OF_TASK if in_background else OF_PAGE
    with ExitStack() as stack:
        if not in_background:
            stack.enter_context(turns.place())
        lock = stack.enter_context(turns.turn(bounds.patience, bounds.pause))
        file.seek(0)
        order = {
            "size": size,
            "renditions": renditions,
            "megabytes": MEGABYTES,
            "cpu_seconds": bounds.cpu_seconds,
            "seconds": bounds.seconds,
        }
        answer, said, code = _run(order, file.read(), lock)
    return _read(answer, said, code)


def command(order: dict[str, Any]) -> list[str]:
    """Return how the child is started: without the environment's paths, with this package's."""
    package = __package__ or ""
    root = Path(__file__).parents[len(package.split("."))]
    start = START.format(package=package)
    return [sys.executable, "-I", "-W", "ignore", "-c", start, json.dumps(order), str(root)]


def environment() -> dict[str, str]:
    """Return what the child may know."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    # glibc sets aside 64 MB of address space a thread otherwise: mallopt(3).
    return kept | {"MALLOC_ARENA_MAX": "1"}


def _run(order: dict[str, Any], content: bytes, lock: int) -> tuple[bytes, bytes, int]:
    """Return what the child answered, what it complained of, and how it ended."""
    try:
        child = subprocess.Popen(
            command(order),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C is for the server
        )
    except OSError as error:
        logger.warning("no process for a picture: %s", error)
        raise Busy("no process can be started") from error
    with child:
        try:
            # Its own clock goes off first, unless it was stopped.
            answer, said = child.communicate(content, order["seconds"] + 2)
        except subprocess.TimeoutExpired:
            child.kill()
            answer, said = child.communicate()
    return answer, said, child.returncode


def _read(answer: bytes, said: bytes, code: int) -> list[bytes]:
    """Return the files in an answer; raise Refusal, or Busy if the child could not even begin."""
    if code < 0:
        logger.warning("a picture is refused: its decoder ended by %s", _name(-code))
        raise Refusal("costly")
    words = said[-2000:].decode(errors="replace").strip()
    if code:
        logger.error("the decoder of pictures ends with %s: %s", code, words)
        raise Busy("the decoder fails")
    line, _, files = answer.partition(b"\n")
    head = json.loads(line)
    if "refusal" in head:
        logger.info("a picture is refused: %s %s", head["refusal"], words)
        raise Refusal(head["refusal"], **head["numbers"])
    return _parts(files, head["sizes"])


def _parts(files: bytes, sizes: list[int]) -> list[bytes]:
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [files[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
