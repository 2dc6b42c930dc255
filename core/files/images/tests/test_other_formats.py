"""Whoever sends a file that is not taken is told what it is, and what to send."""

import io
import struct

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core.files.images import child
from core.files.images.refusals import Refusal
from core.files.uploads import WORDS

from . import bombs


def made(format, mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, (48, 32)).save(file, format)
    return file.getvalue()


def boxes(brand, *others):
    """Return the beginning of a file of boxes: ISO/IEC 14496-12, 4.3."""
    return bombs.box(b"ftyp", brand, bytes(4), *others) + bombs.box(b"mdat", bytes(64))


OTHERS = {
    "GIF": made("GIF"),
    "TIFF/DNG": made("TIFF"),
    "BMP": made("BMP"),
    "PDF": made("PDF"),
    "JPEG 2000": made("JPEG2000"),
    "PSD": b"8BPS\0\1" + bytes(64),
    "CR3": boxes(b"crx ", b"crx ", b"isom"),
    "JPEG XL": b"\xff\x0a" + bytes(64),
    "SVG": b'<?xml version="1.0"?>\n<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
}
HEIC = {
    "an iPhone's": boxes(b"heic", b"mif1", b"heic"),
    "a Samsung's": boxes(b"mif1", b"mif1", b"heic"),
    "a burst": boxes(b"msf1", b"msf1", b"hevc"),
    "of ten bits": boxes(b"heix", b"mif1"),
}
UNREADABLE = {
    "nothing": b"",
    "text": b"a note, and no picture",
    "a web page": b"<!doctype html><p>Not found",
    "a cut AVIF": made("AVIF")[:200],
    "an AVIF of general brand": boxes(b"mif1", b"avif"),
    "a cut JPEG": made("JPEG")[:200],
    "a cut PNG": made("PNG")[:50],
    "a cut WebP": made("WEBP")[:50],
}


def refusal(content):
    with pytest.raises(Refusal) as caught:
        child.make(content, [48, 32], [])
    return caught.value


@pytest.mark.parametrize("name", OTHERS)
def test_another_format_is_named(name):
    found = refusal(OTHERS[name])
    assert (found.kind, found.numbers) == ("another format", {"format": name})
    said = ValidationError(WORDS[found.kind], params=found.numbers).messages[0]
    assert f"format {name}," in said and "as a JPEG" in said


@pytest.mark.parametrize("name", HEIC)
def test_a_phones_heic_is_told_how_to_become_a_jpeg(name):
    found = refusal(HEIC[name])
    assert found.kind == "HEIC"
    assert "Formats, Most Compatible" in WORDS[found.kind]


@pytest.mark.parametrize("brand", [b"qt  ", b"isom", b"mp42", b"3gp5"])
def test_a_video_is_one(brand):
    assert refusal(boxes(brand)).kind == "video"


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_none_of_these_can_not_be_read(name):
    assert refusal(UNREADABLE[name]).kind == "unreadable"


def test_boxes_that_end_at_once():
    for size in (0, 1, 8, 2**32 - 1):
        assert refusal(struct.pack(">I", size) + b"ftypheic").kind == "HEIC"
