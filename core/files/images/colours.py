"""Bring every kind of pixels to eight bits of sRGB on a white ground."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageCms

# The pixels that a profile's colour space is about: ICC.1:2022, table 19,
# https://www.color.org/specification/ICC.1-2022-05.pdf
MODES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}
GROUND = "white"


def to_plain(image: Image.Image, bits: int = 8) -> Image.Image:
    """Return a picture whose pixels can be interpolated: in L, RGB or CMYK, or LA or RGBA.

    ``bits`` is how many a sample of the file has.
    """
    key = image.info.get("transparency")
    if bits == 16 and key is not None:  # Pillow keeps eight bits of the pixels, and all of this
        key = tuple(value >> 8 for value in key) if isinstance(key, tuple) else key >> 8
        image.info["transparency"] = key
    if image.mode == "I;16":  # a conversion to eight bits would clip these, not scale them
        image = image.point(lambda value: value / 256).convert("L")
        image.info |= {} if key is None else {"transparency": key}
    if image.mode == "P":
        return image.convert("RGBA")
    if key is not None and image.mode in ("1", "L", "RGB"):
        return image.convert("RGBA" if image.mode == "RGB" else "LA")
    return image.convert("L") if image.mode == "1" else image


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in RGB as it looks in sRGB, with a ground where it is transparent.

    Phones and presses use other colour spaces, and without their profile colours are wrong. A
    profile that can't be read, or that is for other pixels than these, is taken for none.
    """
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode.removesuffix("A")) if alpha else image
    shown = _applied(colours, profile) if profile else colours.convert("RGB")
    if alpha:
        shown = Image.composite(shown, Image.new("RGB", shown.size, GROUND), alpha)
    return shown


def _applied(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = MODES.get(source.profile.xcolor_space.strip())
        if mode == "L" and image.mode == "RGB" and _is_grey(image):
            image = image.convert("L")  # WebP and AVIF are decoded as RGB in any case
        if mode == image.mode:
            return ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass
    return image.convert("RGB")


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return not any(ImageChops.difference(red, other).getbbox() for other in (green, blue))
