"""Bars of numbers as SVG, for a page that also has them as a table.

Colours and type come from the page's style sheet; there is no style in the SVG itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, BOTTOM, TOP = 54, 24, 22, 10


@dataclass(frozen=True)
class Bar:
    """One bar in the drawing's units; ``words`` say what it stands for."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Chart:
    """What the template draws: bars, lines with their numbers, and words beneath some bars."""

    title: str
    bars: list[Bar]
    lines: list[tuple[float, str]]
    labels: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def draw(
    title: str, names: Sequence[str], numbers: Sequence[float], shown: Sequence[str]
) -> Chart:
    """Give the chart of ``numbers`` (none negative), each with its name and how it is written."""
    top = nice(max([*numbers, 0]))
    room = HEIGHT - BOTTOM - TOP
    slot = (WIDTH - LEFT - RIGHT) / max(len(numbers), 1)
    bars = [
        Bar(
            x=round(LEFT + slot * n + slot * 0.12, 1),
            y=round(HEIGHT - BOTTOM - room * number / top, 1),
            width=round(slot * 0.76, 1),
            height=round(room * number / top, 1),
            words=f"{name}: {text}",
        )
        for n, (name, number, text) in enumerate(zip(names, numbers, shown, strict=True))
    ]
    every = max(1, -(-len(names) // 6))  # six words find room
    labels = [(round(LEFT + slot * (n + 0.5), 1), names[n]) for n in range(0, len(names), every)]
    lines = [(round(TOP + room * (1 - part), 1), f"{top * part:g}") for part in (1, 0.5, 0)]
    return Chart(title, bars, lines, labels)


def nice(number: float) -> float:
    """Give the round number that is not less: 1, 2, 4, 6 or 10 times a power of ten.

    >>> [nice(n) for n in (0, 1, 3, 17, 60, 61, 420)]
    [2, 2, 4, 20, 60, 100, 600]
    """
    power = 1
    while True:
        for step in (2, 4, 6, 10):
            if number <= step * power:
                return step * power
        power *= 10
