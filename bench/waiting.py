"""How long a person waits for `make test`, three times, and for `.ci/run`.

    python -m bench.waiting [LOG ...]

A LOG is what `.ci/run` printed; the table that it ends with is read from it.
Writes bench/results/<date>-waiting.md. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median

from .report import machine
from .run import RESULTS

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
STEP = re.compile(r" *(\d+) s  (ok|FAILED) +(.+)")


def steps(printed: str) -> list[tuple[int, str, str]]:
    """Return the seconds, the outcome and the name of each step of `.ci/run`, from its table.

    >>> steps("=== All passed in 7 s\\n     3 s  ok     Lint\\n     4 s  ok     The tests\\n")
    [(3, 'ok', 'Lint'), (4, 'ok', 'The tests')]
    """
    found = filter(None, map(STEP.fullmatch, printed.splitlines()))
    return [(int(each[1]), each[2], each[3]) for each in found]


def seconds_of(command: list[str]) -> float:
    """Run a command and return its seconds by the clock; raise CalledProcessError if it fails."""
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True)
    return time.monotonic() - began


def page(seconds: list[float], logs: Iterable[str]) -> str:
    """Return the results as a Markdown page."""
    rounds = ", ".join(f"{each:.0f}" for each in seconds)
    lines = [
        f"# Waiting, {date.today()}",
        "",
        "Seconds by the clock. Made by `python -m bench.waiting`.",
        ", ".join(f"{name}: {value}" for name, value in machine().items()) + ".",
        "",
        f"`make test`, {len(seconds)} times: {rounds}; the median is {median(seconds):.0f}.",
    ]
    for log in logs:
        found = steps(log)
        total = sum(each[0] for each in found)
        lines += [
            "",
            f"`.ci/run`: {total} s.",
            "",
            "| seconds | outcome | step |",
            "| --- | --- | --- |",
        ]
        lines += [f"| {took} | {outcome} | {name} |" for took, outcome, name in found]
    return "\n".join(lines) + "\n"


def main(logs: list[str]) -> None:
    """Measure, write the page and print it."""
    read = [Path(log).read_text() for log in logs]
    found = page([seconds_of(["make", "test"]) for _ in range(ROUNDS)], read)
    (RESULTS / f"{date.today()}-waiting.md").write_text(found)
    print(found)


if __name__ == "__main__":
    main(sys.argv[1:])
