"""The results of a benchmark: best of the rounds, ratios, and a Markdown page."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from .load import Sample

Scenarios = dict[str, dict[str, Sample]]


def best(samples: Iterable[Sample]) -> Sample:
    """Return the round with most requests a second: what else a machine does only takes away."""
    return max(samples, key=lambda sample: sample.rate)


def machine() -> dict[str, str]:
    """Describe this machine, without its name."""
    return {
        "processor": _first(r"model name\s*: (.+)", "/proc/cpuinfo") or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{_memory_kilobytes() / 1e6:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Django": version("django"),
        "gunicorn": version("gunicorn"),
    }


def _memory_kilobytes() -> int:
    return int(_first(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0)


def _first(pattern: str, path: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text())
    except OSError:
        return ""
    return found[1] if found else ""


def slug(described: dict[str, str]) -> str:
    """Return a file name for a machine.

    >>> slug({"processor": "Intel(R) Xeon(R) CPU @ 2.60GHz", "cores": "2"})
    '2-cores-intel-xeon-cpu'
    """
    plain = re.sub(r"\((?:R|TM)\)|@.*", "", described["processor"])
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join([described["cores"], "cores", *words])


def aims(scenarios: Scenarios) -> list[tuple[str, float, bool]]:
    """Return each aim in words, what was reached, and whether that is enough."""
    found = []
    for scenario, each in scenarios.items():
        cached, plain = each["index, cached"].rate, each["index, plain Django"].rate
        uncached = each["index, uncached"].rate
        of_bare = cached / each["bare gunicorn"].rate
        of_page = each["API list, cached"].rate / cached
        found += [
            (f"{scenario}: cached index of bare gunicorn, 0.65 or more", of_bare, of_bare >= 0.65),
            (
                f"{scenario}: cached index of plain Django, 5 or more",
                cached / plain,
                cached >= 5 * plain,
            ),
            (
                f"{scenario}: uncached index of plain Django, 1 or more",
                uncached / plain,
                uncached >= plain,
            ),
            (
                f"{scenario}: cached list of the API of cached index, 0.8 or more",
                of_page,
                of_page >= 0.8,
            ),
        ]
    for kind in sorted({scenario.partition(",")[0] for scenario in scenarios}):
        small, large = (each["index, uncached"].rate for each in _of(kind, scenarios))
        cost = small / large
        words = f"{kind}: cost of the uncached index at 100,000 of that at 24, 1.2 or less"
        found.append((words, cost, cost <= 1.2))
    return found


def _of(kind: str, scenarios: Scenarios) -> list[dict[str, Sample]]:
    return [each for scenario, each in scenarios.items() if scenario.startswith(f"{kind},")]


def render(
    scenarios: Scenarios,
    memory: dict[str, float],
    described: dict[str, str],
    rounds: int,
    seconds: int,
) -> str:
    """Return the whole report as Markdown."""
    lines = [f"# Bench of {date.today()}", "", "Made by `make bench`:"]
    lines += [f"the best of {rounds} rounds of {seconds} s a target, in turn; 2 workers of 4"]
    lines += ["threads, 16 connections kept open, wrk on the same machine, brotli accepted.", ""]
    lines += [f"- {name}: {value}" for name, value in described.items()]
    lines += ["", "## Aims", "", "| aim | reached | |", "| --- | ---: | --- |"]
    lines += [
        f"| {words} | {reached:.2f} | {'yes' if enough else '**no**'} |"
        for words, reached, enough in aims(scenarios)
    ]
    for scenario, each in scenarios.items():
        lines += ["", f"## {scenario}", "", *_table(each)]
    lines += ["", "## Memory", "", "The workers together, while cached pages are asked for:", ""]
    lines += [f"- {when} requests: {used:.1f} MB" for when, used in memory.items()]
    return "\n".join(lines) + "\n"


def _table(each: dict[str, Sample]) -> list[str]:
    bare = each["bare gunicorn"].rate
    lines = ["| target | requests/s | of bare | of plain Django | p50 ms | p99 ms |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, sample in each.items():
        plain = each.get(f"{name.partition(',')[0]}, plain Django")
        of_plain = f"{sample.rate / plain.rate:.1f}" if plain else ""
        figures = f"{sample.rate:,.0f} | {sample.rate / bare:.2f} | {of_plain}"
        lines.append(f"| {name} | {figures} | {sample.p50:.1f} | {sample.p99:.1f} |")
    return lines
