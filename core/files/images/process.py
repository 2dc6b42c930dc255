"""Start the child process that decodes a picture, and read the files it made."""

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

from . import decoder_lock
from .refusals import Refusal
from .decoder_lock import Busy

logger = logging.getLogger(__name__)

Rendition = tuple[tuple[int, int], dict[str, Any]]  # size in pixels, options of Pillow's save

# The largest picture, a progressive JPEG in CMYK, takes some 470 MB of address space, and more
# under coverage.py; an AVIF of 100 megapixels that says it has one must not fit
# (tests/test_bombs.py).
MEGABYTES = 540
# For its shared libraries and for coverage.py. No secret is among them.
VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "COVERAGE_")
START = "import sys; sys.path.append(sys.argv.pop()); from {package} import child; child.main()"


@dataclass(frozen=True)
class Bounds:
    """How long a picture may take, in seconds of wall time, except ``cpu_seconds``."""

    cpu_seconds: int
    seconds: float
    patience: float  # to wait for the lock
    pause: float  # between two attempts to take the lock


# In sum less than the router's 30 s. The largest picture takes 2 s of CPU time.
# https://devcenter.heroku.com/articles/request-timeout
OF_PAGE = Bounds(cpu_seconds=8, seconds=18, patience=6, pause=0.02)
# For background work: nobody waits for it, and pages go first.
OF_TASK = Bounds(cpu_seconds=60, seconds=120, patience=60, pause=0.25)


def render(
    file: BinaryIO,
    size: tuple[int, int],
    renditions: Sequence[Rendition],
    *,
    in_background: bool = False,
) -> list[bytes]:
    """Return the files made of a picture that is cropped to ``size``, one for each rendition.

    Raise Refusal if the picture is not acceptable, and Busy if none can be decoded now.
    """
    bounds = OF_TASK if in_background else OF_PAGE
    with ExitStack() as stack:
        if not in_background:
            stack.enter_context(decoder_lock.place())
        lock = stack.enter_context(decoder_lock.turn(bounds.patience, bounds.pause))
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
    """Return the child's command line: it ignores PYTHONPATH, and gets this package's path."""
    package = __package__ or ""
    root = Path(__file__).parents[len(package.split("."))]
    start = START.format(package=package)
    return [sys.executable, "-I", "-W", "ignore", "-c", start, json.dumps(order), str(root)]


def environment() -> dict[str, str]:
    """Return the child's environment variables."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    # glibc sets aside 64 MB of address space a thread otherwise: mallopt(3).
    return kept | {"MALLOC_ARENA_MAX": "1"}


def _run(order: dict[str, Any], content: bytes, lock: int) -> tuple[bytes, bytes, int]:
    """Return the child's output, its standard error, and its exit code."""
    try:
        child = subprocess.Popen(
            command(order),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C should stop the server only
        )
    except OSError as error:
        logger.warning("no process for a picture: %s", error)
        raise Busy("no process can be started") from error
    with child:
        try:
            # The child's own timer fires first, unless the child was stopped (SIGSTOP).
            answer, said = child.communicate(content, order["seconds"] + 2)
        except subprocess.TimeoutExpired:
            child.kill()
            answer, said = child.communicate()
    return answer, said, child.returncode


def _read(answer: bytes, said: bytes, code: int) -> list[bytes]:
    """Return the files in an answer; raise Refusal, or Busy if the child could not start."""
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
