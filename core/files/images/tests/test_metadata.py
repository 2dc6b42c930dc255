"""Damaged metadata refuses no picture and turns none; what is whole turns it, once."""

import io
import random
import struct
import warnings

import pytest
from PIL import Image

from core.files.images import cropping
from core.files.images.formats import ACCEPTED

from . import bombs

SIZE = (48, 32)
RED, BLUE = (254, 0, 0), (0, 0, 254)
# Which corners are red: above left, above right, below left, below right.
SIDES = {
    (True, True, False, False): "above",
    (False, False, True, True): "below",
    (True, False, True, False): "left",
    (False, True, False, True): "right",
}
# By the Exif orientation, of a picture that is red above: CIPA DC-008, section 4.6.5.1.
TURNED = dict(enumerate("above above below below left right right left".split(), 1))
RIGHT = 6
OPTIONS = {"AVIF": {"speed": 10, "subsampling": "4:4:4"}, "WEBP": {"lossless": True}}


def exif(orientation=RIGHT, tag=0x0112):
    """Return Exif as a camera writes it."""
    made = Image.Exif()
    made[0x010E], made[tag], made[0x011A], made[0x0128] = "A porch", orientation, 72.0, 2
    made.get_ifd(0x8825)[1] = "N"
    return made.tobytes()


def written(format, exif=b"", **options):
    """Return a picture, red above and blue below."""
    image = Image.new("RGB", (48, 48), BLUE)
    image.paste(RED, (0, 0, 48, 24))
    file = io.BytesIO()
    image.save(file, format, exif=exif, **OPTIONS.get(format, {}), **options)
    return file.getvalue()


def red(content):
    """Return the side on which what the site makes of a file is red."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cut = cropping.cut(io.BytesIO(content), SIZE)
    corners = ((2, 2), (45, 2), (2, 29), (45, 29))
    return SIDES[tuple(cut.getpixel(corner)[0] > 128 for corner in corners)]


@pytest.mark.parametrize("format", ACCEPTED)
def test_each_orientation_of_each_format(format):
    assert {n: red(written(format, exif(n))) for n in TURNED} == TURNED


def directory(*entries, following=0):
    """Return Exif of entries of twelve bytes each: TIFF 6.0, section 2."""
    listed = struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)
    return b"Exif\0\0II*\0\x08\0\0\0" + listed


def entry(kind, count, value, tag=0x0112):
    return struct.pack("<HHII", tag, kind, count, value)


UNREADABLE = {
    "nothing": b"Exif\0\0",
    "text": b"Exif\0\0no tags at all",
    "no header": b"Exif\0\0" + bytes(99),
    "half a header": b"Exif\0\0II*",
    "entries beyond the end": b"Exif\0\0II*\0\xff\xff\xff\x7f",
    "more entries than bytes": b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    "cut within an entry": directory(entry(3, 1, RIGHT))[:-9],
    "an unknown kind": directory(entry(99, 1, RIGHT)),
    "text for a number": directory(entry(2, 2, 0x36)),
    "bytes for a number": directory(entry(7, 1, RIGHT)),
    "a fraction by nothing": directory(entry(5, 1, 14)),
    "four gigabytes": directory(entry(3, 2**32 - 1, 8)),
    "no number": directory(entry(3, 0, 0)),
    "nine": directory(entry(3, 1, 9)),
    "none": directory(entry(3, 1, 0)),
    "a resolution of nothing": directory(entry(5, 1, 2**31, tag=0x011A), entry(3, 1, 1)),
    "a directory without an end": directory(entry(4, 1, 8, tag=0x8769), entry(3, 1, 1)),
}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_exif_that_can_not_be_read_means_upright(name, format):
    assert red(written(format, UNREADABLE[name])) == "above"


@pytest.mark.parametrize("format", ACCEPTED)
def test_damaged_exif_refuses_no_picture(format):
    chance, content = random.Random(format), written(format, exif())
    start = max(content.find(header) for header in (b"II*\0", b"MM\0*"))
    assert start > 0
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 6)):
            damaged[start + chance.randrange(60)] = chance.randrange(256)
        assert red(repaired(bytes(damaged))) in SIDES.values()


def repaired(content):
    """Return a file with the checksum of its Exif, where it is a PNG."""
    at = content.find(b"eXIf")
    if at < 0:
        return content
    size = int.from_bytes(content[at - 4 : at], "big")
    whole = bombs.chunk(b"eXIf", content[at + 4 : at + 4 + size])
    return content[: at - 4] + whole + content[at + 8 + size :]


# By format


def test_an_avif_is_turned_by_its_own_properties_alone():
    """ISO/IEC 23000-22, 7.3.10.1: https://github.com/AOMediaCodec/libavif/pull/3079"""
    content = written("AVIF", exif(tag=0x0113))
    for mark in (b"\x01\x13\0\x03", b"\x13\x01\x03\0"):
        content = content.replace(mark, mark.replace(b"\x13", b"\x12"))
    with Image.open(io.BytesIO(content)) as image:
        assert image.getexif()[0x0112] == 1
    assert red(content) == "above"


@pytest.mark.parametrize("format", ACCEPTED)
def test_no_picture_is_turned_by_xmp(format):
    xmp = b'<x tiff:Orientation="6"/>'
    assert red(written(format, xmp=xmp)) == "above"
    assert red(written(format, exif(9), xmp=xmp)) == "above"


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


NOTES = {
    "a list of pictures that is cut": segment(0xE2, b"MPF\0MM\0*"),
    "a list of pictures that is none": segment(0xE2, b"MPF\0" + bytes(40)),
    "a list of pictures without an end": segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff"),
    "a profile that is cut": segment(0xE2, b"ICC_PROFILE\0"),
    "a profile without a number": segment(0xE2, b"ICC_PROFILE\0\1"),
    "a part of a profile": segment(0xE2, b"ICC_PROFILE\0\2\3" + bytes(9)),
    "XMP that is none": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0\xff\xfe"),
    "a second Exif": segment(0xE1, exif()) * 2,
}


@pytest.mark.parametrize("name", NOTES)
def test_damaged_notes_of_a_jpeg(name):
    content = written("JPEG")
    wanted = "right" if "Exif" in name else "above"
    assert red(content[:2] + NOTES[name] + content[2:]) == wanted


def test_of_several_pictures_in_a_jpeg_the_first_is_taken_and_turned():
    more = {"save_all": True, "append_images": [Image.new("RGB", (48, 48), "lime")]}
    content = written("MPO", exif(), **more)
    assert Image.open(io.BytesIO(content)).format == "MPO"
    assert red(content) == "right"


CHUNKS = {
    "a wrong checksum of Exif": bombs.chunk(b"eXIf", exif()[6:])[:-1] + b"?",
    "a wrong checksum of a text": bombs.chunk(b"tEXt", b"a\0b")[:-1] + b"?",
    "a wrong checksum of a profile": bombs.chunk(b"iCCP", b"a\0\0" + bytes(9))[:-1] + b"?",
    "a profile in an unknown compression": bombs.chunk(b"iCCP", b"a\0\7" + bytes(9)),
    "a profile without a name": bombs.chunk(b"iCCP", b"name"),
    "a profile that is not compressed": bombs.chunk(b"iCCP", b"a\0\0" + bytes(9)),
    "a text in an unknown compression": bombs.chunk(b"zTXt", b"a\0\7b"),
    "an animation without frames": bombs.chunk(b"acTL", bytes(8)),
    "a cut animation": bombs.chunk(b"acTL", b"\0"),
    "Exif": bombs.chunk(b"eXIf", exif()[6:]),
}


@pytest.mark.parametrize("name", CHUNKS)
@pytest.mark.parametrize("last", [False, True])
def test_damaged_chunks_of_a_png(name, last):
    content = written("PNG")
    at = len(content) - 12 if last else 33
    assert (
        red(content[:at] + CHUNKS[name] + content[at:]) == TURNED[RIGHT if name == "Exif" else 1]
    )
