"""The child process that decodes one picture: process.py starts it, with limits.

It reads its task from the arguments and the picture from standard input. It writes one line
of JSON, followed by the files it made. If it crashes, no other process is affected.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from PIL import AvifImagePlugin

from . import cropping, other_formats, structure
from .encoding import encode
from .refusals import Refusal


def main() -> None:
    """Run the task in the arguments, and write the answer."""
    order = json.loads(sys.argv[1])
    out = _take_output()
    bound(order["megabytes"], order["cpu_seconds"], order["seconds"])
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each thread of the AVIF decoder needs its own memory
    try:
        files = make(sys.stdin.buffer.read(), order["size"], order["renditions"])
    except MemoryError:
        _answer(out, {"refusal": "costly", "numbers": {}})
    except Refusal as refusal:
        _answer(out, {"refusal": refusal.kind, "numbers": refusal.numbers})
    else:
        _answer(out, {"sizes": [len(file) for file in files]}, files)


def bound(megabytes: int, cpu_seconds: int, seconds: float) -> None:
    """Limit the memory (bytes) and time (seconds) of this process, and lower its priority.

    See getrlimit(2), setitimer(2) and proc_pid_oom_score_adj(5) of Linux. macOS refuses the
    memory limit or does not enforce it; there the two time limits stop a decompression bomb.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even inside C code
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    # The platform sends SIGTERM to every process; the page that waits for this one must finish.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    os.nice(5)
    # When memory runs out, the kernel kills this process and not the one that serves the site.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def make(
    content: bytes, size: list[int], renditions: list[tuple[list[int], dict[str, Any]]]
) -> list[bytes]:
    """Return the files made of a picture; raise Refusal if it is not acceptable.

    The picture is cropped to ``size``; each rendition has a size and the options of its format.
    """
    try:
        structure.check(content)
        master = cropping.cut(io.BytesIO(content), tuple(size))
    except (MemoryError, Refusal):
        raise
    except Exception as error:  # a decoder may raise anything on a damaged file
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        kind, name = other_formats.find(content)
        raise Refusal(kind, **({"format": name} if name else {})) from error
    return [encode(master, rendition, options) for rendition, options in renditions]


def _take_output() -> BinaryIO:
    """Return standard output, and redirect what libraries print to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _answer(out: BinaryIO, head: dict[str, Any], files: list[bytes] | tuple = ()) -> None:
    with out:
        out.write(json.dumps(head).encode() + b"\n")
        for file in files:
            out.write(file)
