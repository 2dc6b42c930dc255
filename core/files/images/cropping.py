"""Crop pictures, turn them upright, convert them to sRGB, and remove the camera's metadata."""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import ExifTags, Image, ImageCms, ImageOps

from .formats import ACCEPTED, MAX_PIXELS, MAX_PIXELS_OF_OTHERS
from .refusals import Refusal

# How to turn a picture upright, by its Exif orientation: CIPA DC-008, section 4.6.5.1.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = (5, 6, 7, 8)


def cut(file: BinaryIO, size: tuple[int, int]) -> Image.Image:
    """Return the picture in a file, upright, in sRGB, cropped to ``size`` (width, height; pixels).

    The camera's metadata (place, time, serial number) is removed.
    Raise Refusal if it has too many pixels (checked before decoding) or is smaller than
    ``size``, and what Pillow raises if the file is no picture.
    """
    try:
        # Image.open reads only the header; the list of formats keeps rare decoders unused.
        image = Image.open(file, formats=ACCEPTED)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    _check_pixels(image)
    orientation = _orientation(image)  # Exif may come after a PNG's pixels
    _check_size(image, size, lying=orientation in LYING)
    return _cut(image, size, orientation)


def _check_pixels(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS["JPEG"]:
        raise _too_many_pixels()
    if pixels > MAX_PIXELS.get(image.format, MAX_PIXELS_OF_OTHERS):
        raise Refusal(
            "pixels of others",
            most=MAX_PIXELS_OF_OTHERS // 1_000_000,
            most_of_jpeg=MAX_PIXELS["JPEG"] // 1_000_000,
        )


def _too_many_pixels() -> Refusal:
    return Refusal("pixels", most=MAX_PIXELS["JPEG"] // 1_000_000)


def _orientation(image: Image.Image) -> int:
    """Return the Exif orientation; 1 (upright) if it is no number, but text or a fraction."""
    found = image.getexif().get(ExifTags.Base.Orientation)
    return found if isinstance(found, int) else 1


def _check_size(image: Image.Image, size: tuple[int, int], *, lying: bool) -> None:
    width, height = image.size
    if lying:
        width, height = height, width
    if width < size[0] or height < size[1]:
        raise Refusal(
            "small", width=width, height=height, least_width=size[0], least_height=size[1]
        )


def _cut(image: Image.Image, size: tuple[int, int], orientation: int) -> Image.Image:
    """Crop and scale first: each copy of the whole picture takes four bytes per pixel."""
    profile = image.info.get("icc_profile")
    stored = size[::-1] if orientation in LYING else size
    image.draft("RGB", (stored[0] * 2, stored[1] * 2))  # twice the size: no visible loss
    if image.mode == "I;16":  # a conversion to eight bits would clip these, not scale them
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("1", "P"):  # palettes: pixels can't be interpolated
        image = image.convert("RGBA")
    image = ImageOps.fit(image, stored, Image.Resampling.LANCZOS)
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    if profile:
        image = _to_srgb(image, profile)
    bare = Image.new("RGB", size)
    bare.paste(image)
    return bare


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB: phones use wider colour spaces, and without their profile colours fade."""
    try:
        return ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
