"""Each format's own bombs, through the process that decodes: refused with words, in bounds."""

import io
import time

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core.files import uploads
from core.files.images import process
from core.files.images.formats import MAX_PIXELS, MAX_PIXELS_OF_OTHERS
from core.files.uploads import MAX_BYTES, render_upload

from . import bombs

BOMBS = bombs.every()
# As many pixels as may come, in the form that takes most memory.
LARGEST = {
    "JPEG": ((8660, 5770), "RGB", {"progressive": True, "subsampling": 0}),
    "JPEG in the colours of print": ((8660, 5770), "CMYK", {"progressive": True}),
    "PNG": ((5400, 3700), "RGBA", {}),
    "WEBP": ((5400, 3700), "RGBA", {"lossless": True, "method": 0}),
}


def answer(content):
    """Return the kind of refusal that an upload meets, or "taken"."""
    try:
        render_upload(io.BytesIO(content), bombs.SIZE, [])
    except ValidationError as error:
        assert error.messages[0].endswith(".")
        return error.code
    return "taken"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_bounds(name):
    make, kinds = BOMBS[name]
    content = make()
    assert len(content) <= MAX_BYTES
    began = time.monotonic()
    assert answer(content) in kinds
    assert time.monotonic() - began < process.OF_PAGE.seconds


def test_every_kind_of_refusal_has_words_that_say_what_to_do():
    for kind, words in uploads.WORDS.items():
        assert any(word in words for word in ("Export it", "Send", "needs at least")), kind


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_picture_fits_into_the_bounds(name):
    size, mode, options = LARGEST[name]
    format = name.split()[0]
    most = MAX_PIXELS.get(format, MAX_PIXELS_OF_OTHERS)
    assert 0.99 * most < size[0] * size[1] <= most
    file = io.BytesIO()
    # A JPEG that ends as its decoder fills one up is decoded twice: completeness.py.
    Image.new(mode, size, (127,) * 4 if mode == "CMYK" else 0).save(file, format, **options)
    renditions = [(bombs.SIZE, {"format": "AVIF", "speed": 6}), (bombs.SIZE, {"format": "WEBP"})]
    assert len(render_upload(file, bombs.SIZE, renditions)) == 2
