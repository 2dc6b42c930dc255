"""Render the drawings to the files that the site serves; ``bin/draw-pictures`` runs this."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

from core.files.images.encoding import encode

from ..photos.pictures import FORMATS, MASTER, options, rendition, size

ART = Path(__file__).parent / "art"
OUT = Path(__file__).parents[1] / "static" / "lettings" / "sample"
# Drawings have flat areas, so that a low quality shows no difference, at half the size.
QUALITY = {"avif": 50, "webp": 68, "jpg": 72}


def draw(name: str) -> int:
    """Render one drawing in every size and format; return the number of bytes written."""
    png = subprocess.run(
        ["rsvg-convert", "--width", str(MASTER[0]), str(ART / f"{name}.svg")],
        check=True,
        capture_output=True,
    ).stdout
    master = Image.open(io.BytesIO(png)).convert("RGB")
    written = 0
    for format, widths in FORMATS.items():
        for width in widths:
            content = encode(master, size(width), options(format, QUALITY))
            written += (OUT / rendition(name, width, format)).write_bytes(content)
    return written


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:] or sorted(path.stem for path in ART.glob("*.svg"))
    total = sum(map(draw, names))
    print(f"draw-pictures: {len(names)} drawings, {total / 2**20:.1f} MB")
