"""What a file is made of is counted as its standard says, and refused when it is too much."""

import random
import time

import pytest

from core.files.images import structure
from core.files.images.formats import ACCEPTED
from core.files.images.refusals import Refusal

from . import bombs

SCAN = b"\xff\xda\0\2"
END = b"\xff\xd9"


def refusal(content):
    """Return the kind of refusal that a file meets, or none."""
    try:
        structure.check(content)
    except Refusal as found:
        return found.kind
    return None


@pytest.mark.parametrize("format", ACCEPTED)
def test_an_ordinary_picture_passes(format):
    assert refusal(bombs.plain(format)) is None


@pytest.mark.parametrize(
    ("name", "scans"),
    {
        "bytes of FF are stuffed": (b"\xff\x00\xda" * 9, 0),
        "restart markers belong to a scan": (
            b"".join(b"\xff%c" % n for n in range(0xD0, 0xD8)),
            0,
        ),
        "fill bytes precede a marker": (b"\xff\xff\xff\xda\0\2", 1),
        "fill bytes and a stuffed byte": (b"\xff\xff\x00\xda", 0),
        "TEM and SOI have no length": (b"\xff\x01\xff\xd8" + SCAN, 1),
        "a segment may hold what looks like a scan": (b"\xff\xe1\0\6" + SCAN, 0),
        "rubbish between segments is skipped": (b"rubbish" + SCAN, 1),
        "what comes behind the end is another picture": (END + SCAN * 9, 0),
        "a marker without its length": (b"\xff\xda", 1),
    }.values(),
)
def test_markers_of_a_jpeg(monkeypatch, name, scans):
    """ITU-T T.81, B.1.1: as many scans as there are, and no more, are found."""
    content = b"\xff\xd8" + name + END
    monkeypatch.setitem(structure.MOST, "scans", scans)
    assert refusal(content) is None
    if scans:
        monkeypatch.setitem(structure.MOST, "scans", scans - 1)
        assert refusal(content) == "scans"


def test_many_scans_are_an_ordinary_picture_up_to_the_most():
    scans = len(list(structure.JPEG_SEGMENT.finditer(bombs.jpeg_of_scans(400))))
    assert scans > 400 and refusal(bombs.jpeg_of_scans(400)) is None


@pytest.mark.parametrize("format", ACCEPTED)
def test_a_damaged_file_is_counted_to_an_end(format):
    """Whatever is wrong with it: the decoder says so."""
    content, chance = bombs.plain(format), random.Random(format)
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 9)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.randrange(len(damaged)) :]
        refusal(bytes(damaged))


@pytest.mark.parametrize("filling", [b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\xd8", b"\0"])
def test_fifteen_megabytes_of_markers_are_read_in_a_moment(filling):
    began = time.process_time()
    assert refusal(b"\xff\xd8" + filling * (15 * 2**20 // len(filling))) == "filling"
    assert time.process_time() - began < 2


def test_a_jpeg_may_be_filled_up_a_little():
    content = bombs.plain("JPEG")
    for filling in (b"\xff", b"\0"):
        filled = content[:2] + filling * (structure.MOST["filling"] - 1) + content[2:]
        assert refusal(filled) is None
