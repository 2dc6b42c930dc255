"""The table of results: for the console, as a Markdown page, and as an SVG picture."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from bench.report import machine, slug
from deploy.image.docker import docker
from tools.svg import page

WIDTH = 99
STYLE = """
.ground { fill: light-dark(#fff, #191613); stroke: none }
.head, .quiet { fill: light-dark(#6b5d4d, #b8a996) } .head { font-weight: 600 }
.line { stroke: light-dark(#e6d9c5, #43392e); stroke-opacity: 1; stroke-width: 1 }
.good { fill: light-dark(#2f7d32, #86c988) } .bad { fill: light-dark(#b3261e, #ff9a90) }
.seconds { text-anchor: end; font-variant-numeric: tabular-nums }
"""
# Of the picture, in pixels; a column's texts are broken after so many characters.
PICTURE, MARGIN, LINE, GAP = 1080, 24, 19, 14
STAGE, PROVEN, EVIDENCE = (56, 14), (176, 42), (500, 62)


@dataclass(frozen=True)
class Proof:
    """One claim about the way: its stage, the claim, what was seen, how long it took."""

    stage: str
    proven: str
    evidence: str
    seconds: float
    ok: bool

    @property
    def plain(self) -> str:
        """Return the evidence in one line."""
        return " ".join(self.evidence.split())


def console(proofs: Sequence[Proof]) -> str:
    """Return the table for a terminal: a line a proof, and its evidence below."""
    widest = max((len(proof.stage) for proof in proofs), default=0)
    lines = []
    for proof in proofs:
        sign = "ok  " if proof.ok else "FAIL"
        first = f"{sign} {proof.stage:{widest}}  {proof.proven}"
        lines.append(f"{first:{WIDTH - 8}} {proof.seconds:5.0f} s")
        inner = " " * (widest + 7)
        lines += textwrap.wrap(
            proof.plain, WIDTH, initial_indent=inner, subsequent_indent=inner
        ) or [inner.rstrip()]
    return "\n".join([*lines, "", summary(proofs)])


def summary(proofs: Sequence[Proof]) -> str:
    """Return how many claims were proven, and name those that were not."""
    missed = [proof.proven for proof in proofs if not proof.ok]
    told = f"{len(proofs) - len(missed)} of {len(proofs)} proven"
    return told + (f"; not: {'; '.join(missed)}" if missed else "")


def markdown(
    proofs: Sequence[Proof], described: dict[str, str], set_up: float, whole: float
) -> str:
    """Return the page of a rehearsal; ``set_up`` and ``whole`` are seconds."""
    lines = [f"# Rehearsal of {date.today()}", "", "Made by `make rehearse`:"]
    lines += [f"{summary(proofs)}; set up in {set_up:.0f} s, the whole in {whole:.0f} s.", ""]
    lines += [f"- {name}: {value}" for name, value in described.items()]
    lines += ["", "| | stage | proven | evidence | seconds |", "| --- | --- | --- | --- | ---: |"]
    for proof in proofs:
        cells = (proof.stage, proof.proven, proof.plain, f"{proof.seconds:.0f}")
        told = " | ".join(_cell(text) for text in cells)
        lines.append(f"| {'✔' if proof.ok else '**✘**'} | {told} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def picture(proofs: Sequence[Proof], set_up: float, whole: float) -> str:
    """Return the table as an SVG, for light and for dark."""
    parts, y = [_heads()], MARGIN + LINE
    for proof in proofs:
        drawn, height = _row(proof, y + GAP)
        parts.append(drawn)
        y += height + GAP
    total = f"{summary(proofs)}; set up in {set_up:.0f} s, the whole in {whole:.0f} s"
    y += 2 * LINE
    parts.append(_text(total, MARGIN, y, "name"))
    height = y + MARGIN
    ground = f'<rect class="ground" width="{PICTURE}" height="{height}" />'
    return page(PICTURE, height, "What the rehearsal proved", STYLE, [ground, *parts])


def _heads() -> str:
    names = (("stage", STAGE[0]), ("proven", PROVEN[0]), ("evidence", EVIDENCE[0]))
    texts = [_text(name, x, MARGIN + 10, "head") for name, x in names]
    return "".join([*texts, _text("seconds", PICTURE - MARGIN, MARGIN + 10, "head seconds")])


def _row(proof: Proof, y: int) -> tuple[str, int]:
    """Return a proof's row below a line at ``y``, and how high it is."""
    columns = [(STAGE, proof.stage, ""), (PROVEN, proof.proven, "")]
    columns += [(EVIDENCE, proof.plain, "quiet")]
    baseline, drawn, highest = y + LINE, [], 1
    drawn.append(f'<path class="line" d="M{MARGIN} {y}H{PICTURE - MARGIN}" />')
    sign, kind = ("✔", "good") if proof.ok else ("✘", "bad")
    drawn.append(_text(sign, MARGIN + 4, baseline, kind))
    for (x, characters), words, kind in columns:
        lines = textwrap.wrap(words, characters)
        highest = max(highest, len(lines))
        drawn += [_text(line, x, baseline + n * LINE, kind) for n, line in enumerate(lines)]
    drawn.append(_text(f"{proof.seconds:.0f}", PICTURE - MARGIN, baseline, "seconds"))
    return "".join(drawn), highest * LINE + 4


def _text(words: str, x: float, y: float, kind: str) -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text{kind} x="{x:g}" y="{y:g}">{escape(words)}</text>'


def write(root: Path, proofs: Sequence[Proof], set_up: float, whole: float) -> list[Path]:
    """Write page and picture below ``root``; return their paths."""
    described = machine()
    page_file = root / "rehearsal" / "results" / f"{date.today()}-{slug(described)}.md"
    picture_file = root / "readme" / "rehearsal.svg"
    described["Docker"] = docker("version", "--format", "{{.Server.Version}}").stdout.strip()
    for file, text in (
        (page_file, markdown(proofs, described, set_up, whole)),
        (picture_file, picture(proofs, set_up, whole)),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return [page_file, picture_file]
