"""Draw bar charts as SVG, for a page that also has the numbers as a table.

Colours and type come from the page's style sheet; there is no style in the SVG itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 210
LEFT, RIGHT, BOTTOM, TOP = 68, 24, 30, 10


@dataclass(frozen=True)
class Bar:
    """One bar, in the drawing's units; ``words`` describe it."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Chart:
    """The parts of a chart: bars, grid lines with numbers, and labels under some bars."""

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
    """Return the chart of ``numbers`` (none negative), each with its name and its text."""
    top = nice(max([*numbers, 0]))
    room = HEIGHT - BOTTOM - TOP
    slot = (WIDTH - LEFT - RIGHT) / max(len(numbers), 1)
    bars = [
        Bar(
            x=round(LEFT + slot * n + slot * 0.12, 1),
            y=round(HEIGHT - BOTTOM - room * number / top, 1),
            width=round(slot * 0.76, 1),
            height=round(room * number / top, 1),
            words=_("%(name)s: %(figure)s") % {"name": name, "figure": text},
        )
        for n, (name, number, text) in enumerate(zip(names, numbers, shown, strict=True))
    ]
    # Five names find room, however long: "26 oct.–1 nov."; the style sheet hides every other one
    # on a phone.
    every = max(1, -(-len(names) // 5))
    labels = [(round(LEFT + slot * (n + 0.5), 1), names[n]) for n in range(0, len(names), every)]
    lines = [(round(TOP + room * (1 - part), 1), spell(top * part)) for part in (1, 0.5, 0)]
    return Chart(title, bars, lines, labels)


def spell(number: float) -> str:
    """Return a whole number as people write it: 12,000.

    >>> spell(12000.0)
    '12,000'
    """
    return number_format(number, decimal_pos=0, force_grouping=True)


def nice(number: float) -> float:
    """Return the next round number, not less than this, whose half is a whole number.

    >>> [nice(n) for n in (0, 1, 3, 17, 23, 61, 420)]
    [2, 2, 4, 20, 30, 80, 500]
    """
    power = 1
    while True:
        for step in (2, 3, 4, 5, 6, 8, 10):
            if number <= step * power and step * power % 2 == 0:
                return step * power
        power *= 10
