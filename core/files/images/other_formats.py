"""Name a file that is not taken, so that its uploader can be told what to do with it."""

from __future__ import annotations

import re

# By their first bytes: https://www.iana.org/assignments/media-types/ and each format's own text.
FORMATS = {
    "GIF": rb"GIF8[79]a",
    "TIFF/DNG": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM.{4}\0{4}",
    "PDF": rb"%PDF-",
    "PSD": rb"8BPS",
    "JPEG 2000": rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51",
    "JPEG XL": rb"\xff\x0a|\0\0\0\x0cJXL ",
    "SVG": rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE svg[^>]*>|\s)*<svg\b",
}
# Files of boxes say by brands what is in them: ISO/IEC 14496-12, 4.3, and 23008-12, 10.
FILE_TYPE = re.compile(rb".{4}ftyp(.{4})", re.DOTALL)
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
RAW_BRAND = b"crx "  # https://github.com/lclevy/canon_cr3
AVIF_BRANDS = (b"avif", b"avis")


def find(content: bytes) -> tuple[str, str]:
    """Return the kind of refusal for a file that can't be read, and the name of its format.

    >>> find(b"GIF89a"), find(bytes(4) + b"ftypheic"), find(b"notes")
    (('another format', 'GIF'), ('HEIC', 'HEIC'), ('unreadable', ''))
    """
    if boxes := FILE_TYPE.match(content):
        return _of_boxes(boxes[1], content)
    for name, beginning in FORMATS.items():
        if re.match(beginning, content[:4096], re.DOTALL):
            return "another format", name
    return "unreadable", ""


def _of_boxes(brand: bytes, content: bytes) -> tuple[str, str]:
    all_brands = content[16 : int.from_bytes(content[:4], "big")]
    if brand in AVIF_BRANDS or any(avif in all_brands for avif in AVIF_BRANDS):
        return "unreadable", ""
    if brand in HEIC_BRANDS:
        return "HEIC", "HEIC"
    if brand == RAW_BRAND:
        return "another format", "CR3"
    return "video", ""
