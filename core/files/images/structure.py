"""Count the parts of a picture's file before anything in it is decoded.

A small and valid file can cost a decoder hours, or all memory:
https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf
https://libpng.sourceforge.net/decompression_bombs.html
A malformed file is left to the decoder, which reports it. Each function reads the file in the
same steps as the decoder, so that both see the same parts.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from .refusals import Refusal

MOST = {
    # A JPEG has about ten scans: https://github.com/mozilla/mozjpeg/pull/251. NVIDIA's DALI
    # started with a limit of 500: https://github.com/NVIDIA/DALI/pull/5316
    "scans": 500,
    "frames": 500,
    # Segments, chunks, boxes and items, except a PNG's pixel chunks. A profile may take 255
    # segments of a JPEG, https://www.color.org/technotes/ICC-Technote-ProfileEmbedding.pdf, and a
    # depth map as many.
    "parts": 2000,
    # Pixel chunks of a PNG; libpng writes chunks of 8 KB.
    "pixels' parts": 20_000,
    # Bytes of a JPEG between its segments; Pillow reads each of them in a step of Python:
    # https://github.com/python-pillow/Pillow/blob/11.0.0/src/PIL/JpegImagePlugin.py
    "filling": 2**16,
    # Bytes of text, Exif and colour profile, decompressed. Exif has at most 64 KB in a JPEG; a
    # profile for printing has up to 3 MB.
    "notes": 4 * 2**20,
}

# A byte FF begins a marker, except FF 00 (a literal FF) and FF FF (padding).
# Markers without a length: TEM (01), RST0 to RST7 (D0 to D7), SOI (D8). ITU-T T.81, B.1.1:
# https://www.w3.org/Graphics/JPEG/itu-t81.pdf
JPEG_SEGMENT = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
EOI, SOS = 0xD9, 0xDA
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Boxes that contain boxes, and how many bytes come before the first. ISO/IEC 14496-12, 23008-12;
# AVIF:
# https://aomediacodec.github.io/av1-avif/
CONTAINERS = {
    **dict.fromkeys((b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"iprp", b"ipco"), 0),
    **dict.fromkeys((b"meta", b"iref"), 4),
    b"iinf": 6,
    b"stsd": 8,
}
DEEPEST = 8


def check(content: bytes) -> None:
    """Raise Refusal if a file has more scans, frames, parts or metadata than any camera writes."""
    if content.startswith(b"\xff\xd8"):
        _check_jpeg(content)
    elif content.startswith(PNG_SIGNATURE):
        _check_png(content)
    elif content.startswith(b"RIFF"):
        _check_webp(content)
    elif content[4:8] == b"ftyp":
        _check_avif(content)


class _Counter:
    """Counts the parts of one file."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def add(self, kind: str, number: int = 1) -> None:
        """Add ``number`` to a count; raise Refusal above its limit."""
        self.found[kind] = self.found.get(kind, 0) + number
        if self.found[kind] > MOST[kind]:
            raise Refusal(kind, most=MOST[kind])


def _check_jpeg(content: bytes) -> None:
    """Count up to the end of the first picture: phones may add others after it."""
    counter, at = _Counter(), 2
    for marker, start, end in jpeg_segments(content):
        if "scans" not in counter.found:  # after the first scan come pixels
            counter.add("filling", start - at)
        if marker == EOI:
            return
        if marker == SOS:
            counter.add("scans")
        counter.add("parts")
        at = end
    if "scans" not in counter.found:
        counter.add("filling", len(content) - at)


def jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, start and end of each segment of a JPEG, up to the end of the picture."""
    at = 2
    while segment := JPEG_SEGMENT.search(content, at):
        marker, at = segment[1][0], segment.end()
        if marker != EOI:
            at += _number(content, at, 2)
        yield marker, segment.start(), at
        if marker == EOI:
            return


def _check_png(content: bytes) -> None:
    """Count chunks: https://www.w3.org/TR/png-3/#5Chunk-layout"""
    counter = _Counter()
    for kind, start, end in png_chunks(content):
        if kind in (b"IDAT", b"fdAT"):
            counter.add("pixels' parts")
        else:
            counter.add("parts")
        if kind == b"fcTL":
            counter.add("frames")
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf"):
            counter.add("notes", _inflated(kind, content[start + 8 : end - 4]))


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind, start and end of each chunk of a PNG before its last; a cut one, too."""
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(content):
        size, kind = _number(content, at, 4), content[at + 4 : at + 8]
        if kind == b"IEND":
            return
        yield kind, at, at + 12 + size
        at += 12 + size


def _inflated(kind: bytes, body: bytes) -> int:
    """Return the decompressed size of a metadata chunk; stop one byte above the limit.

    https://www.w3.org/TR/png-3/#11textinfo and #11iCCP
    """
    _keyword, _nul, rest = body.partition(b"\0")
    if kind == b"iTXt":
        if rest[:1] != b"\1":
            return len(body)
        rest = rest[1:2] + rest[2:].split(b"\0", 2)[-1]
    elif kind not in (b"zTXt", b"iCCP"):
        return len(body)
    try:
        return len(zlib.decompressobj().decompress(rest[1:], MOST["notes"] + 1))
    except zlib.error:
        return len(body)


def _check_webp(content: bytes) -> None:
    """Count chunks: https://developers.google.com/speed/webp/docs/riff_container"""
    counter, at = _Counter(), 12
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= end:
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        counter.add("parts")
        if kind == b"ANMF":
            counter.add("frames")
        if kind in (b"ICCP", b"EXIF", b"XMP "):
            counter.add("notes", size)
        at += 8 + size + size % 2


def _check_avif(content: bytes) -> None:
    """Count boxes, and the entries of boxes that are lists."""
    counter = _Counter()
    for kind, at, end in _boxes(content, 0, len(content), DEEPEST):
        counter.add("parts")
        if kind == b"iloc":  # ISO/IEC 14496-12, 8.11.3: version, flags, two bytes of sizes
            counter.add("parts", _number(content, at + 6, _wide(content, at, 2)))
        if kind == b"ipma":  # ISO/IEC 23008-12, 9.3
            counter.add("parts", _number(content, at + 4, 4))
        if kind in (b"stsz", b"stz2"):  # ISO/IEC 14496-12, 8.7.3
            counter.add("frames", _number(content, at + 8, 4))
        if kind == b"colr":
            counter.add("notes", end - at)


def _boxes(content: bytes, at: int, end: int, deep: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield every box: its kind, the start and the end of its body (ISO/IEC 14496-12, 4.2)."""
    while at + 8 <= end and deep:
        size, kind, body = _number(content, at, 4), content[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = _number(content, at + 8, 8), at + 16
        stop = min(end, at + size) if size else end
        yield kind, body, stop
        if kind in CONTAINERS:
            first = body + CONTAINERS[kind]
            if kind == b"iinf":
                first = body + 4 + _wide(content, body, 1)
            yield from _boxes(content, first, stop, deep - 1)
        if stop < body:  # shorter than its own header: the decoder refuses it
            return
        at = stop


def _wide(content: bytes, at: int, short_until: int) -> int:
    """Return the number of bytes of a box's entry count: 4 from that version on, before 2."""
    return 2 if content[at : at + 1] < bytes([short_until]) else 4


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "big")
