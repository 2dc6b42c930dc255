"""Refuse a file that holds fewer pixels than its header says.

Pillow raises an error where a file ends too early. Where the pixels end in good order before the
picture is full, it leaves the rest grey (JPEG) or black (PNG) and says nothing.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from PIL import Image, ImageChops

from .refusals import Refusal
from .structure import SOS, jpeg_segments, png_chunks

# A JPEG's decoder fills what is missing with the middle of each range, 127 where it is inverted.
FILLING = (127, 128)
RESTARTS = range(0xD0, 0xD8)
# Any bits will do, except bytes of FF, which would begin a marker.
NOISE = bytes(251 - n * n % 251 for n in range(251))
# Samples of a pixel, by the colour type: https://www.w3.org/TR/png-3/#table111
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column and row, and the steps to the next: https://www.w3.org/TR/png-3/#8Interlace
ALL_AT_ONCE = ((0, 0, 1, 1),)
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def check_jpeg(content: bytes, image: Image.Image, draft: tuple[int, int]) -> None:
    """Raise Refusal if a JPEG, decoded as ``image`` at the size ``draft``, is not full.

    A decoder that wants more bits than there are takes those that are added, so that another
    picture comes of it; one that has enough of them skips them. Only a picture that ends as the
    decoder fills it up is decoded twice.
    """
    last = image.getpixel((image.width - 1, image.height - 1))
    if any(value not in FILLING for value in (last if isinstance(last, tuple) else (last,))):
        return
    other = Image.open(io.BytesIO(_with_noise(content)), formats=("JPEG",))
    other.draft("RGB", draft)
    if ImageChops.difference(image, other).getbbox(alpha_only=False):
        raise Refusal("incomplete")


def _with_noise(content: bytes) -> bytes:
    """Return a JPEG with more bits at the end of each scan, also behind restart markers."""
    noise = NOISE + b"".join(b"\xff%c%b" % (marker, NOISE) for marker in RESTARTS)
    parts, at, in_scan = [], 0, False
    for marker, start, end in jpeg_segments(content):
        if in_scan:
            parts += [content[at:start], noise]
            at = start
        in_scan = marker == SOS
    return b"".join([*parts, content[at:]])


def check_png(content: bytes) -> None:
    """Raise Refusal if a PNG's pixels are fewer bytes than its header says."""
    wanted = _png_bytes(content)
    inflate = zlib.decompressobj()
    for kind, start, end in png_chunks(content):
        piece = content[start + 8 : end - 4] if kind == b"IDAT" else b""
        while piece and wanted > 0:
            wanted -= len(inflate.decompress(piece, 2**16))
            piece = inflate.unconsumed_tail
    if wanted > 0:
        raise Refusal("incomplete")


def _png_bytes(content: bytes) -> int:
    """Return how many bytes the pixels of a PNG take, with a byte of filter for each row."""
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    bits = content[24] * SAMPLES[content[25]]
    passes = ADAM7 if content[28] else ALL_AT_ONCE
    return sum(
        rows * (1 + (columns * bits + 7) // 8)
        for columns, rows in _sizes(width, height, passes)
        if columns and rows
    )


def _sizes(width: int, height: int, passes: tuple) -> Iterator[tuple[int, int]]:
    for left, top, right, down in passes:
        yield (width - left + right - 1) // right, (height - top + down - 1) // down
