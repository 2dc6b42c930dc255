"""Take out of a file what only describes the picture, before a decoder reads it.

Decoders read Exif, texts and lists of further pictures on their way to the pixels, and some stop
where these are damaged. A picture with damaged metadata is still one, and is upright.
"""

from __future__ import annotations

import re
import zlib

from .structure import PNG_SIGNATURE, jpeg_segments, png_chunks

EXIF = b"Exif\0\0"
# A list of further pictures in the same file, such as a depth map (CIPA DC-007); the first one is
# a JPEG of its own.
MULTI_PICTURE = b"MPF\0"
# Each part of a profile has two bytes more, its number and how many there are:
# https://www.color.org/technotes/ICC-Technote-ProfileEmbedding.pdf
PROFILE, PART_NUMBERS = b"ICC_PROFILE\0", 2
APP1, APP2 = 0xE1, 0xE2
UNREAD = b"none"
# The one way to compress a profile: https://www.w3.org/TR/png-3/#11iCCP
DEFLATE = b"\0"
# An entry of the list of items that is Exif: ISO/IEC 14496-12, 8.11.6, versions 2 and 3.
EXIF_ITEM = re.compile(rb"(infe(?:\x02.{7}|\x03.{9}))Exif", re.DOTALL)


def separate(content: bytes) -> tuple[bytes, bytes | None]:
    """Return a file without its descriptions, and the Exif that says how to turn it, if any.

    AVIF is turned by its own properties, never by Exif: ISO/IEC 23000-22, 7.3.10.1, cited in
    https://github.com/AOMediaCodec/libavif/pull/3079. WebP is left as it is: its decoder hands
    Exif over unread.
    """
    if content.startswith(b"\xff\xd8"):
        return _of_jpeg(content)
    if content.startswith(PNG_SIGNATURE):
        return _of_png(content)
    if content[4:8] == b"ftyp":
        return EXIF_ITEM.sub(rb"\1skip", content), None
    return content, None


def _of_jpeg(content: bytes) -> tuple[bytes, bytes | None]:
    exif, bare = None, bytearray(content)
    for marker, start, end in jpeg_segments(content):
        body = content[start + 4 : end]
        if marker == APP1 and body.startswith(EXIF):
            exif = exif or body
        elif marker != APP2 or not _unreadable(body):
            continue
        bare[start + 4 : start + 4 + len(UNREAD)] = UNREAD
    return bytes(bare), exif


def _unreadable(body: bytes) -> bool:
    """Return whether the second kind of a JPEG's notes has what the decoder should not see."""
    cut = body.startswith(PROFILE) and len(body) < len(PROFILE) + PART_NUMBERS
    return cut or body.startswith(MULTI_PICTURE)


def _of_png(content: bytes) -> tuple[bytes, bytes | None]:
    exif, parts, end = None, [PNG_SIGNATURE], len(PNG_SIGNATURE)
    for kind, start, end in png_chunks(content):
        body = content[start + 8 : end - 4]
        whole = zlib.crc32(kind + body).to_bytes(4, "big") == content[end - 4 : end]
        if whole and kind == b"eXIf":
            exif = EXIF + body
        # Capitals are of chunks without which there is no picture:
        # https://www.w3.org/TR/png-3/#5Chunk-naming-conventions
        if kind[:1].isupper() or (whole and _describes_pixels(kind, body)):
            parts.append(content[start:end])
    return b"".join([*parts, content[end:]]), exif


def _describes_pixels(kind: bytes, body: bytes) -> bool:
    """Return whether a chunk says what the pixels mean, in a way that the decoder knows."""
    if kind == b"iCCP":
        return body.partition(b"\0")[2].startswith(DEFLATE)
    return kind == b"tRNS"
