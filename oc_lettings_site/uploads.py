"""Pictures that people upload: checked before a pixel is decoded, and rid of what cameras note."""

from __future__ import annotations

import io
import threading
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps

ACCEPTED = ("JPEG", "PNG", "WEBP", "AVIF")
ACCEPT = ",".join(f"image/{name.lower()}" for name in ACCEPTED)  # for <input type=file>
MAX_BYTES = 15 * 1024 * 1024
# Either takes up to 350 MB for a second or two, measured: a JPEG is decoded at a fraction of its
# size, and what is progressive still takes 7 bytes a pixel; WebP's decoder takes 17. The largest
# phones make JPEGs of just that size.
MAX_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000}  # a JPEG with another behind it is an MPO
MAX_PIXELS_OF_OTHERS = 20_000_000
# One at a time in a process, or a few uploads at once would take all of its memory.
DECODING = threading.Lock()
# How a picture is put upright, by its Exif orientation: CIPA DC-008, section 4.6.5.1.
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


def open_picture(file: BinaryIO, size: tuple[int, int]) -> Image.Image:
    """Give the picture in an uploaded file, upright, in sRGB, cut to ``size`` (width, height).

    What the camera noted (place, time, serial number) is left behind.
    Raises ValidationError, in words for the person who uploads, if the file is no picture,
    too heavy, too large (its pixels are counted before any is decoded) or smaller than ``size``.
    """
    _check_weight(file)
    try:
        # Image.open reads the header alone; listing the formats keeps rarer decoders shut.
        image = Image.open(file, formats=ACCEPTED)
        _check_pixels(image)
        with DECODING:
            orientation = _orientation(image)  # which may stand behind a PNG's pixels
            _check_size(image, size, lying=orientation in LYING)
            return _cut(image, size, orientation)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    # RuntimeError is what the decoder of AVIF raises.
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError) as error:
        raise ValidationError(
            _("This file can't be read as a picture. Send a JPEG, PNG, WebP or AVIF file.")
        ) from error


def _check_weight(file: BinaryIO) -> None:
    file.seek(0, io.SEEK_END)
    if file.tell() > MAX_BYTES:
        raise ValidationError(
            _(
                "This file is %(found)d MB; a picture may have %(most)d MB."
                " Export it a little smaller."
            ),
            params={"found": round(file.tell() / 2**20), "most": MAX_BYTES // 2**20},
        )
    file.seek(0)


def _check_pixels(image: Image.Image) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS["JPEG"]:
        raise _too_many_pixels()
    if pixels > MAX_PIXELS.get(image.format, MAX_PIXELS_OF_OTHERS):
        raise ValidationError(
            _(
                "This picture has more than %(most)d megapixels. Export it smaller, or as a JPEG,"
                " which may have %(most_of_jpeg)d."
            ),
            params={
                "most": MAX_PIXELS_OF_OTHERS // 1_000_000,
                "most_of_jpeg": MAX_PIXELS["JPEG"] // 1_000_000,
            },
        )


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("This picture has more than %(most)d megapixels. Export it smaller."),
        params={"most": MAX_PIXELS["JPEG"] // 1_000_000},
    )


def _orientation(image: Image.Image) -> int:
    """Cameras write a number; what else stands there, text or a fraction, turns nothing."""
    found = image.getexif().get(ExifTags.Base.Orientation)
    return found if isinstance(found, int) else 1


def _check_size(image: Image.Image, size: tuple[int, int], *, lying: bool) -> None:
    width, height = image.size
    if lying:
        width, height = height, width
    if width < size[0] or height < size[1]:
        raise ValidationError(
            _(
                "This picture is %(width)d × %(height)d pixels; it needs at least"
                " %(least_width)d × %(least_height)d so that it isn't blurred."
            ),
            params={
                "width": width,
                "height": height,
                "least_width": size[0],
                "least_height": size[1],
            },
        )


def _cut(image: Image.Image, size: tuple[int, int], orientation: int) -> Image.Image:
    """Cut and scale first: each copy of the whole is four bytes a pixel."""
    profile = image.info.get("icc_profile")
    stored = size[::-1] if orientation in LYING else size
    image.draft("RGB", (stored[0] * 2, stored[1] * 2))  # twice as fine: no loss can be seen
    if image.mode == "I;16":  # which would not be scaled to eight bits, but cut off at white
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("1", "P"):  # whose pixels can't be mixed
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
    """Phones photograph in wider colour spaces; without their profile the colours would fade."""
    try:
        return ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
