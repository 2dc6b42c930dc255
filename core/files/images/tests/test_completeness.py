"""A file that holds fewer pixels than its header says is refused; a full one is not."""

import io
import struct

import pytest
from PIL import Image

from core.files.images import completeness, cropping
from core.files.images.refusals import Refusal

from . import bombs

SIZE = (48, 32)
GREY = (128, 128, 128)
JPEGS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "with restarts": {"restart_marker_blocks": 3},
    "with a restart in each row": {"restart_marker_rows": 1},
    "progressive, with restarts": {"progressive": True, "restart_marker_blocks": 2},
    "without subsampling": {"subsampling": 0},
}


def refusal(content):
    """Return the kind of refusal that a file meets, or none."""
    try:
        cropping.cut(io.BytesIO(content), SIZE)
    except Refusal as found:
        return found.kind
    return None


def scene(mode, size=(96, 64)):
    """Return a picture with something to see in every block, and a lower right corner in grey."""
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.paste(GREY, (size[0] - 16, size[1] - 16, *size))
    return image.convert(mode)


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def resized(content, width, height):
    """Return a JPEG whose header says another size."""
    at = next(at for at in (content.find(b"\xff%c" % kind) for kind in (0xC0, 0xC2)) if at > 0)
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("name", JPEGS)
def test_a_jpeg_whose_header_says_more_than_there_is(name, mode):
    content = jpeg(scene(mode), **JPEGS[name])
    for width, height in ((96, 96), (192, 64), (96, 80), (4000, 3000)):
        assert refusal(resized(content, width, height)) == "incomplete", (width, height)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("name", JPEGS)
def test_a_full_jpeg_passes(name, mode):
    assert refusal(jpeg(scene(mode), **JPEGS[name])) is None
    for size in ((96, 64), (97, 65), (104, 72)):
        grey = Image.new("RGB", size, GREY).convert(mode)
        assert refusal(jpeg(grey, **JPEGS[name])) is None, size


def test_a_jpeg_that_is_cut_and_closed_again():
    content = jpeg(scene("RGB", (960, 640)))
    assert refusal(content[: len(content) // 2] + b"\xff\xd9") == "incomplete"


# PNG, https://www.w3.org/TR/png-3/#8Interlace

DEPTHS = [
    (1, 0),
    (2, 3),
    (4, 0),
    (8, 0),
    (16, 0),
    (8, 2),
    (16, 2),
    (8, 4),
    (16, 4),
    (8, 6),
    (16, 6),
]
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png(depth, colour, interlaced, size, missing=0):
    """Return a PNG, all zeros, without that many of its last bytes of pixels."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4)]
        passes += [(1, 0, 2, 2), (0, 1, 1, 2)]
    total = 0
    for left, top, right, down in passes:
        columns, rows = len(range(left, size[0], right)), len(range(top, size[1], down))
        if columns:
            total += rows * (1 + -(-columns * depth * SAMPLES[colour] // 8))
    chunks = [(b"IHDR", head), (b"PLTE", bytes(12))][: 2 if colour == 3 else 1]
    chunks += [(b"IDAT", bombs.zlib.compress(bytes(total - missing))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(bombs.chunk(*each) for each in chunks)


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize("depth, colour", DEPTHS)
def test_a_png_has_every_byte_of_its_pixels(depth, colour, interlaced):
    for size in (SIZE, (49, 33), (61, 47)):
        assert refusal(png(depth, colour, interlaced, size)) is None
        with pytest.raises(Refusal, match="incomplete"):
            completeness.check_png(png(depth, colour, interlaced, size, missing=1))


def test_a_png_without_its_last_row_is_refused():
    assert refusal(png(8, 2, 0, SIZE, missing=1 + 3 * SIZE[0])) == "incomplete"


def test_pixels_in_many_chunks_are_counted_together():
    content = png(8, 2, 0, SIZE)
    at, end = content.index(b"IDAT") - 4, len(content) - 12
    pixels = content[at + 8 : end - 4]
    parts = [bombs.chunk(b"IDAT", pixels[n : n + 5]) for n in range(0, len(pixels), 5)]
    assert refusal(content[:at] + b"".join(parts) + content[end:]) is None
