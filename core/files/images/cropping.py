"""Crop pictures, turn them upright, convert them to sRGB, and remove the camera's metadata."""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import ExifTags, Image, ImageOps, PngImagePlugin

from . import colours, completeness, metadata, structure
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
# For a profile: all of them together have been counted.
PngImagePlugin.MAX_TEXT_CHUNK = structure.MOST["notes"]
BIT_DEPTH = 24  # where a PNG says how many bits a sample has


def cut(file: BinaryIO, size: tuple[int, int]) -> Image.Image:
    """Return the picture in a file, upright, in sRGB, cropped to ``size`` (width, height; pixels).

    The camera's metadata (place, time, serial number) is removed. Of an animation it is the first
    picture. Raise Refusal if it has too many pixels (checked before decoding), fewer than its
    header says, or is smaller than ``size``, and what Pillow raises if the file is no picture.
    """
    file.seek(0)
    content, exif = metadata.separate(file.read())
    try:
        # Image.open reads only the header; the list of formats keeps rare decoders unused.
        image = Image.open(io.BytesIO(content), formats=ACCEPTED)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    _check_pixels(image)
    if exif:
        image.info["exif"] = exif
    orientation = _orientation(image)
    _check_size(image, size, lying=orientation in LYING)
    return _cut(image, content, size, orientation)


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
    """Return the Exif orientation; 1 (upright) if it is no number, or if Exif can't be read."""
    # Browsers don't ask XMP, which Pillow does where Exif says nothing. An AVIF's own properties
    # are Exif here.
    image.info.pop("xmp", None)
    try:
        found = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # whatever damaged Exif leads the reader to
        return 1
    return found if isinstance(found, int) else 1


def _check_size(image: Image.Image, size: tuple[int, int], *, lying: bool) -> None:
    width, height = image.size
    if lying:
        width, height = height, width
    if width < size[0] or height < size[1]:
        raise Refusal(
            "small", width=width, height=height, least_width=size[0], least_height=size[1]
        )


def _cut(
    image: Image.Image, content: bytes, size: tuple[int, int], orientation: int
) -> Image.Image:
    """Crop and scale first: each copy of the whole picture takes four bytes per pixel."""
    profile, bits = image.info.get("icc_profile"), 8
    stored = size[::-1] if orientation in LYING else size
    draft = (stored[0] * 2, stored[1] * 2)  # twice the size: no visible loss
    image.draft("RGB", draft)
    image.load()
    if image.format == "JPEG":
        completeness.check_jpeg(content, image, draft)
    if image.format == "PNG":
        completeness.check_png(content)
        bits = content[BIT_DEPTH]
    image = ImageOps.fit(colours.to_plain(image, bits), stored, Image.Resampling.LANCZOS)
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    bare = Image.new("RGB", size)
    bare.paste(colours.to_srgb(image, profile))
    return bare
