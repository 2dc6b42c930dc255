"""Small files, right or nearly right by their standards, that cost a decoder far too much."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from core.files.images.structure import JPEG_SEGMENT

SIZE = (1440, 960)
LYING = [
    "c-muNU{FXasVqn=%S>Yc0uY^>nP!-qnV9D5Xy^nKdYzkElE?r7iWw<6MNl?FL1uCZ0~+8f$SlbPvlxL`E;A=",
    "T8N_h`@fjhajKT~IJo|ubjm*rvG`LzRASaax%1bOWFm%q($p_n&m03_!0HnP$3zGAJv`A)gK`O*L)&&d<%m;",
    "uBfr8A6OppjO2L}g`;z=wsbZ(UA0SO5w=jRmVCFfKCP3C1_YXAy~XBOnb`~-9u3nNoA3sBRs+?2!;AqFmP`S",
    "11r|NmXYB*n{Nv_?`w(D32InGQ`H>JuCo7?RGP3tX$^{H1VG+^q$3PEB6TU-jnTC%LjLPd+ohn{OgdZjfjBB",
    "=E>IQQT77e~W&Zklc+qOW5)iio0g}xb7)cjM{$2u}XZ}@vCw3clmyQ9DKH=^G3Gtj%Ou1?&yfFIr3X2Wq(8R",
    "`EwEFOy8!l)p>9)iP&%9cF-eyky)JMG3m(Dcj~0Y4l1RbX!PA$)4njz?q$cvW~B!|g!jDbZhH8#l=W<5#(f#",
    "q!hmN@U-WhRSM9Ygnf?CQ^4Xli8?LDro_SfgBSJf}^P9)X`cX?pEg7|B)RIw4MlBh&WYm&TOGYgjwS<P2(8C",
    "S@dD)tX",
]
NOTE = zlib.compress(b"a" * 2**20)  # 1 KB that becomes 1 MB, the most that Pillow takes of one


def plain(format: str, mode: str = "RGB", size: tuple[int, int] = SIZE, **options) -> bytes:
    """Return an ordinary picture."""
    file = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 128).save(file, format, **options)
    return file.getvalue()


def jpeg_of_scans(scans: int, size: tuple[int, int] = SIZE) -> bytes:
    """Return a progressive JPEG, right by the standard, whose last scan comes so many times more.

    Each refines nothing, in a few bytes ("end of band" runs), and is decoded over all pixels.
    """
    content = plain("JPEG", "L", size, progressive=True)
    starts, at = [], 2
    while segment := JPEG_SEGMENT.search(content, at):
        starts.append((segment[1], segment.start()))
        if segment[1] == b"\xd9":
            break
        at = segment.end() + int.from_bytes(content[segment.end() : segment.end() + 2], "big")
    last = max(place for place, (marker, _at) in enumerate(starts) if marker == b"\xda")
    start, end = starts[last][1], starts[last + 1][1]
    return content[:end] + content[start:end] * scans + content[end:]


def jpeg_of_segments(marker: int, number: int) -> bytes:
    """Return a JPEG with so many empty segments."""
    content = plain("JPEG")
    return content[:2] + bytes([0xFF, marker, 0, 2]) * number + content[2:]


def jpeg_filled(filling: bytes, at: int = 2) -> bytes:
    """Return a JPEG with 14 MB of what is no segment, by default behind the first two bytes."""
    content = plain("JPEG")
    return content[:at] + filling * (14 * 2**20 // len(filling)) + content[at:]


def exif_of_entries(number: int, size: int) -> bytes:
    """Return Exif whose entries all say that their value is the same ``size`` bytes.

    A reader keeps each of them for itself (TIFF 6.0, section 2).
    """
    entries = b"".join(struct.pack("<HHII", 1000 + n, 2, size - 16, 8) for n in range(number))
    body = b"II*\0\x08\0\0\0" + struct.pack("<H", number) + entries + b"\0\0\0\0"
    return b"Exif\0\0" + body.ljust(size, b"\0")


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(*chunks: bytes, last: bool = False) -> bytes:
    """Return a PNG with more chunks: behind its header, or behind its pixels."""
    content = plain("PNG")
    at = -12 if last else 33
    return content[:at] + b"".join(chunks) + content[at:]


def png_of_pixels(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + plain("PNG")[33:]


def webp_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP with more chunks before its pixels, which its flags speak of."""
    flags = {b"ANMF": 0x02, b"XMP ": 0x04, b"EXIF": 0x08, b"ICCP": 0x20}
    said = 0
    for kind, _body in chunks:
        said |= flags.get(kind, 0)
    width, height = (side - 1 for side in SIZE)
    head = struct.pack("<I", said) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
    before = [(b"VP8X", head)]
    if said & 0x02:
        before.append((b"ANIM", bytes(6)))
    body = b"".join(map(_riff, (*before, *chunks)))
    if not said & 0x02:
        body += plain("WEBP", lossless=True)[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_of_frames(number: int) -> bytes:
    """Return an animation of so many frames, the whole canvas each."""
    width, height = (side - 1 for side in SIZE)
    pixels = plain("WEBP", lossless=True)[12:]
    frame = bytes(6) + width.to_bytes(3, "little") + height.to_bytes(3, "little") + bytes(4)
    return webp_with(*[(b"ANMF", frame + pixels)] * number)


def _riff(part: tuple[bytes, bytes]) -> bytes:
    kind, body = part
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def box(kind: bytes, *bodies: bytes) -> bytes:
    """Return a box of a HEIF."""
    body = b"".join(bodies)
    return struct.pack(">I", len(body) + 8) + kind + body


def avif_with(*boxes: bytes) -> bytes:
    """Return an AVIF with more boxes behind its first."""
    content = plain("AVIF", speed=10)
    end = int.from_bytes(content[:4], "big")
    return content[:end] + b"".join(boxes) + content[end:]


def avif_that_lies() -> bytes:
    """Return an AVIF of 16,384 × 16,384 pixels, one colour, that says it is ``SIZE``.

    Made with ``plain``, which takes half a minute, and ``SIZE`` written over its "ispe".
    """
    return zlib.decompress(base64.b85decode("".join(LYING)))


def every() -> dict[str, tuple[Callable[[], bytes], set[str]]]:
    """Return what makes each bomb, by its name, with the kinds of refusals that may answer it.

    "taken" is the answer to one that the decoder itself knows how to bear.
    """
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, *SIZE, 0, 0, 1, 1, 0, 0))
    itxt = b"Comment\0\1\0\0\0" + NOTE
    ztxt = b"Comment\0\0" + NOTE
    many = struct.pack(">I", 10**6)
    meta = bytes(4)  # version and flags
    return {
        "JPEG: 17,000 scans": (lambda: jpeg_of_scans(17_000, (7000, 7000)), {"scans"}),
        "JPEG: 501 scans": (lambda: jpeg_of_scans(501), {"scans"}),
        "JPEG: comments": (lambda: jpeg_of_segments(0xFE, 500_000), {"parts"}),
        "JPEG: segments of a camera": (lambda: jpeg_of_segments(0xE5, 500_000), {"parts"}),
        "JPEG: tables": (lambda: jpeg_of_segments(0xC4, 500_000), {"parts"}),
        "JPEG: bytes that fill up": (lambda: jpeg_filled(b"\xff"), {"filling"}),
        "JPEG: marks without a segment": (lambda: jpeg_filled(b"\xff\xd0"), {"filling"}),
        "JPEG: bytes of nothing, behind a segment": (lambda: jpeg_filled(b"\0", 20), {"filling"}),
        "JPEG: nothing behind its first segment": (
            lambda: plain("JPEG")[:20] + bytes(14 * 2**20),
            {"filling"},
        ),
        "PNG: a header of 400 megapixels": (lambda: png_of_pixels(20_000, 20_000), {"pixels"}),
        "PNG: a header of 2^62 pixels": (lambda: png_of_pixels(2**31 - 1, 2**31 - 1), {"pixels"}),
        "PNG: empty chunks of pixels": (
            lambda: png_with(chunk(b"IDAT", b"") * 500_000),
            {"pixels' parts"},
        ),
        "PNG: private chunks": (lambda: png_with(chunk(b"prVt", b"") * 500_000), {"parts"}),
        "PNG: texts": (lambda: png_with(chunk(b"tEXt", b"a\0b") * 500_000), {"parts"}),
        "PNG: one text of 8 MB": (
            lambda: png_with(chunk(b"tEXt", b"a\0" + b"b" * 2**23)),
            {"notes"},
        ),
        "PNG: compressed texts": (lambda: png_with(chunk(b"zTXt", ztxt) * 60), {"notes"}),
        "PNG: texts behind the pixels": (
            lambda: png_with(chunk(b"zTXt", ztxt) * 60, last=True),
            {"notes"},
        ),
        "PNG: international texts": (lambda: png_with(chunk(b"iTXt", itxt) * 60), {"notes"}),
        "PNG: a profile of 1 GB": (
            lambda: png_with(chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**26)) * 2)),
            {"notes"},
        ),
        "PNG: an animation": (lambda: png_with(frame * 1000), {"frames"}),
        "PNG: Exif of many entries": (
            lambda: png_with(chunk(b"eXIf", exif_of_entries(20_000, 2**20)[6:])),
            {"taken"},  # Pillow reads no more of it than there is
        ),
        "WebP: an animation": (lambda: webp_of_frames(1000), {"frames"}),
        "WebP: chunks": (lambda: webp_with(*[(b"abcd", b"")] * 500_000), {"parts"}),
        "WebP: XMP of 8 MB": (lambda: webp_with((b"XMP ", bytes(2**23))), {"notes"}),
        "WebP: a profile of 8 MB": (lambda: webp_with((b"ICCP", bytes(2**23))), {"notes"}),
        "WebP: Exif of many entries": (
            lambda: webp_with((b"EXIF", exif_of_entries(20_000, 2**20))),
            {"taken"},  # Pillow reads no more of it than there is
        ),
        "AVIF: boxes": (lambda: avif_with(box(b"free") * 500_000), {"parts"}),
        "AVIF: boxes in boxes": (
            lambda: avif_with(box(b"moov", box(b"trak", box(b"mdia", box(b"free") * 500_000)))),
            {"parts"},
        ),
        "AVIF: a million places of items": (
            lambda: avif_with(box(b"meta", meta, box(b"iloc", b"\2\0\0\0\x44\0", many))),
            {"parts"},
        ),
        "AVIF: a million items with properties": (
            lambda: avif_with(box(b"meta", meta, box(b"iprp", box(b"ipma", meta, many)))),
            {"parts"},
        ),
        "AVIF: a million frames": (
            lambda: avif_with(box(b"moov", box(b"trak", box(b"stsz", meta, meta, many)))),
            {"frames"},
        ),
        "AVIF: 100 megapixels that say they are one": (
            avif_that_lies,
            {"costly", "unreadable"},
        ),
    }
