"""Ask a server for one page as fast as it answers, by wrk."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

CONNECTIONS = 16  # twice the threads that answer, so that none of them ever waits for us
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Sample:
    """One measurement: requests a second, and milliseconds that half and 99% of them took."""

    rate: float
    p50: float
    p99: float


class Unfit(Exception):
    """A measurement that says nothing, since not every answer was the page."""


def find_wrk() -> str:
    """Return wrk's path; exits with what to type when there is none."""
    found = shutil.which("wrk")
    if not found:
        raise SystemExit("bench: wrk makes the load; on Debian and Ubuntu: apt install wrk")
    return found


def command(url: str, seconds: float, encoding: str) -> list[str]:
    """Return the command that measures one page.

    >>> " ".join(command("http://x/", 2, "br"))
    'wrk -t1 -c16 -d2s --latency -H Accept-Encoding: br http://x/'
    """
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    return ["wrk", *options, "-H", f"Accept-Encoding: {encoding}", url]


def measure(url: str, seconds: float, encoding: str) -> Sample:
    """Return one sample; raises Unfit when an answer was an error."""
    ran = subprocess.run(
        command(url, seconds, encoding), capture_output=True, text=True, check=True
    )
    return parse(ran.stdout)


def parse(output: str) -> Sample:
    """Read what wrk printed; raises Unfit when it tells of errors."""
    errors = re.search(r"Non-2xx.*|Socket errors.*", output)
    if errors:
        raise Unfit(errors[0])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return Sample(rate, _latency(output, 50), _latency(output, 99))


def _latency(output: str, percent: int) -> float:
    number, unit = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s|m)\b", output).groups()
    return round(float(number) * UNITS[unit], 3)
