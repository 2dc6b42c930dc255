"""Every kind of pixels comes to sRGB as it looks, by its own profile, on a white ground."""

import io
import struct

import pytest
from PIL import Image, ImageCms

from core.files.images import cropping

from . import bombs, profiles

SIZE = (48, 32)
BLUE = (60, 130, 200)
COLOURS = (BLUE, (200, 80, 60), (30, 30, 30), (128, 128, 128), (250, 250, 250))
WHITE = (255, 255, 255)
# One wrong step of a conversion is tens of these.
CLOSE = 4
PRESS = profiles.press()
GREY_18 = profiles.grey(round(1.8 * 256))
DOT_GAIN = [round(65535 * (n / 255) ** 1.45) for n in range(256)]
P3 = profiles.rgb(profiles.DISPLAY_P3)
LOSSLESS = {
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
}
QUALITY = {"JPEG": {"quality": 100, "subsampling": 0}, **LOSSLESS}


def one_colour(mode, colour, size=SIZE):
    return Image.new(mode, size, colour)


def written(image, format="PNG", **options):
    """Return the file of a picture, with as little loss as its format knows."""
    file = io.BytesIO()
    image.save(file, format, **QUALITY[format] | options)
    return file.getvalue()


def shown(content):
    """Return the pixel in the middle of what the site makes of a file."""
    return cropping.cut(io.BytesIO(content), SIZE).getpixel((24, 16))


def close(found, wanted):
    return all(abs(a - b) <= CLOSE for a, b in zip(found, wanted, strict=True))


def ycck(image):
    """Return a CMYK picture as Photoshop writes it: ITU-T T.872, 6.5.3, of inverted inks."""
    cyan, magenta, yellow, black = image.split()
    colours = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr")
    stored = [band.point(lambda value: 255 - value) for band in colours.split()]
    content = written(Image.merge("CMYK", (*stored, black)), "JPEG", icc_profile=PRESS)
    at = content.index(b"Adobe") + 11
    assert content[at] == 0
    return content[:at] + b"\2" + content[at + 1 :]


@pytest.mark.parametrize("colour", COLOURS)
def test_inks_of_a_press_are_shown_by_their_own_profile(colour):
    image = one_colour("CMYK", profiles.inks(colour, 0))
    for content in (written(image, "JPEG", icc_profile=PRESS), ycck(image)):
        assert close(shown(content), colour)
    assert not close(shown(written(image, "JPEG")), colour) or min(colour) > 200


def test_black_ink_counts():
    image = one_colour("CMYK", profiles.inks(BLUE))
    assert close(shown(written(image, "JPEG", icc_profile=PRESS)), BLUE)


@pytest.mark.parametrize("format", QUALITY)
@pytest.mark.parametrize("space", ["DISPLAY_P3", "ADOBE_RGB", "PROPHOTO"])
def test_wide_colours_come_to_srgb(space, format):
    profile = profiles.rgb(getattr(profiles, space))
    wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    for colour in (BLUE, (200, 80, 60)):
        image = ImageCms.profileToProfile(one_colour("RGB", colour), srgb, wide)
        assert not close(image.getpixel((0, 0)), colour)
        assert close(shown(written(image, format, icc_profile=profile)), colour)


def grey_of(light):
    """Return how a share of the light of white looks in sRGB."""
    return (round(255 * profiles.encoded(light)),) * 3


@pytest.mark.parametrize("format", QUALITY)
@pytest.mark.parametrize("value", [64, 128, 220])
def test_grey_is_shown_by_its_own_profile(value, format):
    image = one_colour("L", value)
    for profile, light in (
        (GREY_18, (value / 255) ** 1.8),
        (profiles.grey(*DOT_GAIN), (value / 255) ** 1.45),
    ):
        assert close(shown(written(image, format, icc_profile=profile)), grey_of(light))


@pytest.mark.parametrize(
    "mode, colour", [("LA", (128, 255)), ("I;16", 0x8080), ("P", 0), ("RGB", (128,) * 3)]
)
def test_grey_of_every_kind_is_shown_by_its_profile(mode, colour):
    image = one_colour(mode, colour)
    if mode == "P":
        image.putpalette([128, 128, 128])
    content = written(image, icc_profile=GREY_18)
    assert close(shown(content), grey_of((128 / 255) ** 1.8))


# Profiles that say nothing of these pixels


def changed(content, at, new):
    return content[:at] + new + content[at + len(new) :]


NONE = {
    "empty": b"",
    "text": b"no profile at all",
    "another mode: inks": PRESS,
    "another mode: grey, of a coloured picture": GREY_18,
    "another mode: Lab": changed(P3, 16, b"Lab "),
    "a link between two devices": changed(P3, 12, b"link"),
    "a list of named colours": changed(P3, 12, b"nmcl"),
    "no tags": changed(P3, 128, bytes(4)),
    "a million tags": changed(P3, 128, struct.pack(">I", 10**6)),
    "no signature": changed(P3, 36, bytes(4)),
    "a tag beyond the end": changed(P3, 148, struct.pack(">I", 2**31)),
    **{f"cut after {n} bytes": P3[:n] for n in (4, 127, 128, 132, 200, 300)},
}


@pytest.mark.parametrize("format", QUALITY)
@pytest.mark.parametrize("name", NONE)
def test_a_profile_that_can_not_be_applied_is_taken_for_none(name, format):
    content = written(one_colour("RGB", BLUE), format, icc_profile=NONE[name])
    assert close(shown(content), BLUE)


@pytest.mark.parametrize("mode, colour", [("L", 90), ("LA", (90, 255)), ("1", 1), ("I;16", 23130)])
def test_a_profile_of_colours_says_nothing_of_grey(mode, colour):
    plain, profiled = (written(one_colour(mode, colour), **o) for o in ({}, {"icc_profile": P3}))
    assert shown(plain) == shown(profiled)


def test_a_cut_profile_of_inks_leaves_the_plain_conversion():
    image = one_colour("CMYK", (195, 125, 55, 0))
    for size in (132, 300, len(PRESS) // 2):
        found = shown(written(image, "JPEG", icc_profile=PRESS[:size]))
        assert close(found, (60, 130, 200))


def test_a_profile_of_two_megabytes_is_read_in_a_png():
    large = profiles.profile(
        b"GRAY",
        {b"kTRC": profiles.curve(round(1.8 * 256)), b"cprt": b"text" + bytes(2 * 2**20)},
    )
    content = written(one_colour("L", 128), icc_profile=large)
    assert close(shown(content), grey_of((128 / 255) ** 1.8))


# Transparency and depth


def keyed(mode, colour, key):
    image = one_colour(mode, colour)
    if mode == "P":
        image.putpalette([9, 9, 9, 7, 8, 9])
    return written(image, transparency=key)


TRANSPARENT = {
    "LA": written(one_colour("LA", (0, 0))),
    "RGBA": written(one_colour("RGBA", (0, 0, 0, 0))),
    "RGBA, WebP": written(one_colour("RGBA", (0, 0, 0, 0)), "WEBP"),
    "RGBA, AVIF": written(one_colour("RGBA", (0, 0, 0, 0)), "AVIF"),
    "a palette": keyed("P", 1, 1),
    "a palette with shares": keyed("P", 1, b"\xff\x00"),
    "grey with a key": keyed("L", 7, 7),
    "black and white with a key": keyed("1", 0, 0),
    "colours with a key": keyed("RGB", (1, 2, 3), (1, 2, 3)),
    "with a profile": written(one_colour("RGBA", (9, 9, 9, 0)), icc_profile=P3),
    "grey with a profile": written(one_colour("LA", (9, 0)), icc_profile=GREY_18),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_what_is_transparent_has_a_white_ground(name):
    assert shown(TRANSPARENT[name]) == WHITE


@pytest.mark.parametrize("format", LOSSLESS)
def test_what_is_half_transparent_is_half_white(format):
    assert close(shown(written(one_colour("RGBA", (0, 0, 0, 128)), format)), (127,) * 3)


def png(width, height, depth, colour, rows, *chunks):
    """Return a PNG from its rows, in whatever depth and colour type."""
    head = bombs.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    pixels = bombs.chunk(b"IDAT", bombs.zlib.compress(b"".join(b"\0" + row for row in rows)))
    end = bombs.chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + end


def test_each_depth_and_kind_of_a_png():
    """https://www.w3.org/TR/png-3/#table111"""
    kinds = {
        (1, 0): b"\xff" * 6,
        (2, 0): b"\xaa" * 12,
        (4, 0): b"\x88" * 24,
        (8, 0): b"\x80" * 48,
        (16, 0): b"\x80\x80" * 48,
        (8, 2): b"\x80" * 144,
        (16, 2): b"\x80\x80" * 144,
        (8, 4): b"\x80\xff" * 48,
        (16, 4): b"\x80\x80\xff\xff" * 48,
        (8, 6): b"\x80\x80\x80\xff" * 48,
        (16, 6): b"\x80\x80\x80\x80\x80\x80\xff\xff" * 48,
    }
    wanted = {1: 255, 2: 170, 4: 136, 8: 128, 16: 128}
    for (depth, colour), row in kinds.items():
        found = shown(png(*SIZE, depth, colour, [row] * 32))
        assert close(found, (wanted[depth],) * 3), (depth, colour, found)


@pytest.mark.parametrize(
    "colour, row, key",
    [
        (0, b"\x12\x34" * 48, b"\x12\x34"),
        (2, b"\x12\x34\x56\x78\x9a\xbc" * 48, b"\x12\x34\x56\x78\x9a\xbc"),
    ],
)
def test_a_transparent_key_of_sixteen_bits(colour, row, key):
    content = png(*SIZE, 16, colour, [row] * 32, bombs.chunk(b"tRNS", key))
    assert shown(content) == WHITE
    other = png(*SIZE, 16, colour, [row] * 32, bombs.chunk(b"tRNS", b"\xff\xff" * (len(key) // 2)))
    assert shown(other) != WHITE


@pytest.mark.parametrize("format", LOSSLESS)
def test_of_an_animation_the_first_picture_is_shown(format):
    frames = [one_colour("RGB", BLUE), one_colour("RGB", "red"), one_colour("RGB", "lime")]
    content = written(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
    assert Image.open(io.BytesIO(content)).n_frames == 3
    assert close(shown(content), BLUE)
