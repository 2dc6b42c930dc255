"""What our drawings share: an SVG for light and dark, and a file that is kept or compared."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The colours of the site, each for light and for dark; a reader's system decides.
STYLE = """
svg { color-scheme: light dark; font: 13px system-ui, sans-serif }
text { fill: light-dark(#222, #eee) } .name { font-weight: 700; font-size: 15px }
rect { fill: light-dark(#fdf6ec, #2a2621); stroke: light-dark(#c8792b, #e0a060) }
path { fill: none; stroke: light-dark(#7a5, #9c7); stroke-opacity: .7; stroke-width: 1.4 }
"""
TIP = (
    '<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" '
    'markerHeight="6" orient="auto"><path d="M0 0 6 3 0 6" /></marker></defs>'
)


def page(width: float, height: float, label: str, style: str, parts: Iterable[str]) -> str:
    """Return an SVG file of ``parts``, in pixels; the label is for screen readers."""
    # Readers that don't know light-dark() yet get the light colours.
    twice = re.sub(r"([\w-]+): light-dark\((#\w+), ", r"\1: \2; \g<0>", STYLE + style)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{label}"><style>{twice}</style>{TIP}' + "\n".join(parts) + "</svg>\n"
    )


def keep(drawing: str, target: Path, older_than: str, argv: list[str]) -> None:
    """Write the drawing; with ``--check`` only compare, and exit with what to type."""
    if "--check" not in argv:
        target.write_text(drawing)
        print(f"drew {target.relative_to(ROOT)}")
    elif not target.exists() or target.read_text() != drawing:
        program = Path(sys.argv[0]).name
        sys.exit(f"{target.name} is older than {older_than}; type: bin/{program}")
