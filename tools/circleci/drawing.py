"""Draw a workflow: a row a step of the way, the lane to production straight down on the left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ..svg import TIP, page
from .model import Stage, Step, Workflow

WIDTH, MARGIN, GAP = 900, 20, 40
# Where arrows meet a box that has a row to itself: below the left one of two.
LANE = MARGIN + (WIDTH - 2 * MARGIN - GAP) / 4
TITLE, STEP, INNER = 30, 22, 16
STYLE = """
.ground { fill: light-dark(#fff, #191613); stroke: none }
.code { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace }
.code, .small { fill: light-dark(#6b5d4d, #b8a996) } .small { font-size: 12px }
.start, .approval { stroke-width: 1.6 } .approval { stroke-dasharray: 5 4 }
.start { fill: light-dark(#c8792b, #e0a060) } .on-start { fill: light-dark(#fff, #191613) }
.chip { stroke: none; fill: light-dark(#f0e2cc, #40382e) }
.key { fill: light-dark(#dcebd0, #2f4029) } .branch { fill: light-dark(#dbe7f3, #273748) }
.way, #way path { stroke: light-dark(#c8792b, #e0a060); stroke-opacity: 1 }
.way { stroke-width: 2.2 }
"""
WAY = TIP.replace('"tip"', '"way"').replace('"6" markerHeight="6"', '"5" markerHeight="5"')


@dataclass(frozen=True)
class Place:
    """Where a stage's box is, in pixels; ``lane`` is where its arrows come in and go out."""

    x: float
    y: float
    width: float
    height: float
    lane: float


def rows(workflow: Workflow) -> list[list[Stage]]:
    """Return the stages by how many come before them, those that lead furthest first.

    A row has one or two: a third would leave its commands no room.
    """
    by_name = {stage.name: stage for stage in workflow.stages}

    def depth(stage: Stage) -> int:
        return 1 + max((depth(by_name[name]) for name in stage.requires), default=-1)

    def reach(stage: Stage) -> int:
        after = [each for each in workflow.stages if stage.name in each.requires]
        return 1 + max((reach(each) for each in after), default=0)

    levels: dict[int, list[Stage]] = {}
    for stage in workflow.stages:
        levels.setdefault(depth(stage), []).append(stage)
    ordered = [sorted(levels[n], key=reach, reverse=True) for n in sorted(levels)]
    return [level[n : n + 2] for level in ordered for n in range(0, len(level), 2)]


def runs(stage: Stage) -> list[Step]:
    """Return what a stage's job does, without the set-up that all jobs share."""
    steps = stage.job.steps if stage.job else ()
    return [step for step in steps if step.kind == "run" and not is_setup(step)]


def is_setup(step: Step) -> bool:
    """Return whether a step installs the requirements, all of them or those of a release."""
    return step.command.partition(" ")[0] == "bin/setup"


def chips(stage: Stage) -> list[tuple[str, str]]:
    """Return what sets a stage apart, as (class, words)."""
    found = [("branch", f"only {name}") for name in stage.only]
    found += [("branch", f"every branch but {name}") for name in stage.ignore]
    if stage.job and stage.job.parallelism > 1:
        found.append(("", f"{stage.job.parallelism} containers"))
    for container in stage.job.containers[1:] if stage.job else ():
        found.append(("", container.image.removeprefix("cimg/").replace(":", " ")))
    if stage.job and stage.job.resource_class:
        found.append(("", stage.job.resource_class))
    for name, ends in stage.accepts.items():
        found.append(("branch", f"{name}: {' or '.join(ends)}"))
    if stage.serial_group:
        found.append(("", "one at a time"))
    if stage.job is None:
        found.append(("", "a person decides"))
    return found + [("key", f"secrets: {name}") for name in stage.contexts]


def places(levels: list[list[Stage]]) -> dict[str, Place]:
    """Return each stage its box; those of one row share the width."""
    found, y = {}, 100.0
    for level in levels:
        alone = len(level) == 1
        lines = max(len(runs(stage)) for stage in level)
        height = TITLE + INNER + lines * STEP * (1 if alone else 2)
        width = (WIDTH - 2 * MARGIN - GAP * (len(level) - 1)) / len(level)
        for column, stage in enumerate(level):
            x = MARGIN + column * (width + GAP)
            lane = LANE if alone else x + width / 2
            found[stage.name] = Place(x, y, width, height, lane)
        y += height + (GAP if alone else 1.5 * GAP)
    return found


def box(stage: Stage, place: Place) -> Iterator[str]:
    """Return a stage's box with its name, its chips, and its steps."""
    alone = place.width == WIDTH - 2 * MARGIN
    kind = "box" if stage.job else "approval"
    left, right = place.x + INNER, place.x + place.width - INNER
    yield (
        f'<rect class="{kind}" x="{place.x:g}" y="{place.y:g}" width="{place.width:g}" '
        f'height="{place.height:g}" rx="10"/>'
    )
    yield words("name", left, place.y + 28, stage.name)
    yield from chip_line(stage, right, place.y + 12)
    y = place.y + TITLE + 24
    for step in runs(stage):
        yield words("", left, y, step.name)
        if alone:
            yield words("code", right, y, step.command, ' text-anchor="end"')
        else:
            yield words("code", left, y + STEP - 4, step.command)
            y += STEP
        y += STEP


def chip_line(stage: Stage, right: float, y: float) -> Iterator[str]:
    """Return the chips, in a line that ends at ``right``."""
    listed = chips(stage)
    widths = [6.4 * len(said) + 20 for _, said in listed]
    x = right - sum(widths) - 6 * (len(widths) - 1)
    for (kind, said), width in zip(listed, widths, strict=True):
        yield (
            f'<rect class="chip {kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="22" '
            f'rx="11"/>' + words("small", x + width / 2, y + 15, said, ' text-anchor="middle"')
        )
        x += width + 6


def words(kind: str, x: float, y: float, said: str, more: str = "") -> str:
    """Return one line of text."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{more}>{escape(said)}</text>'


def arrow(points: list[tuple[float, float]], main: bool) -> str:
    """Return curves downwards through (x, y) points; the way to production is drawn stronger."""
    kind = ' class="way" marker-end="url(#way)"' if main else ' marker-end="url(#tip)"'
    (x1, y1), *others = points
    path = f"M{x1:g} {y1:g}"
    for x2, y2 in others:
        bend = (y2 - y1) / 2
        path += f"C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}"
        x1, y1 = x2, y2
    return f'<path{kind} d="{path}"/>'


def between(top: float, bottom: float, where: Iterable[Place]) -> list[tuple[float, float]]:
    """Return the points by which an arrow passes the rows on its way, in the gap of their two."""
    passed = [place for place in where if top < place.y and place.y + place.height < bottom]
    ends = {end for place in passed for end in (place.y, place.y + place.height)}
    return [(WIDTH / 2, y) for y in ([min(ends), max(ends)] if ends else [])]


def draw(workflow: Workflow) -> str:
    """Return the SVG of a workflow, from the push down."""
    levels = rows(workflow)
    where = places(levels)
    last = levels[-1][0].name
    by_name = {stage.name: stage for stage in workflow.stages}

    def leads(name: str, goal: str) -> bool:
        return name == goal or any(leads(name, each) for each in by_name[goal].requires)

    height = max(place.y + place.height for place in where.values()) + 2 * MARGIN + 10
    parts = [
        WAY,
        f'<rect class="ground" width="{WIDTH}" height="{height:g}" rx="14"/>',
        f'<rect class="start" x="{WIDTH / 2 - 70:g}" y="20" width="140" height="36" rx="18"/>',
        words("name on-start", WIDTH / 2, 43, "git push", ' text-anchor="middle"'),
    ]
    for name, place in where.items():
        main = leads(name, last)
        sources = [where[each] for each in by_name[name].requires]
        starts = [(s.lane, s.y + s.height) for s in sources] or [(WIDTH / 2, 56)]
        for x, y in starts:
            passing = between(y, place.y, where.values())
            parts.append(arrow([(x, y), *passing, (place.lane, place.y - 3)], main))
    for stage in workflow.stages:
        parts += box(stage, where[stage.name])
    note = "Drawn from .circleci/config.yml by bin/draw-delivery"
    parts.append(words("small", MARGIN, height - 14, note))
    return page(WIDTH, height, "The way from git push to Sentry", STYLE, parts)
