"""Check uploaded pictures, with a message for each refusal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .images.formats import ACCEPTED
from .images.process import Rendition, render
from .images.refusals import Refusal

# For <input type=file>. Safari converts HEIC to the first of these, as long as it is not among
# them: https://zenn.dev/kou_pg_0131/articles/safari-input-file-heic
ACCEPT = ",".join(f"image/{name.lower()}" for name in ACCEPTED)
MAX_BYTES = 15 * 1024 * 1024

_MANY_PARTS = gettext_lazy(
    "This file is made of more than %(most)d parts, which no picture needs. Export it anew, as an"
    " ordinary JPEG, and send that."
)
WORDS = {
    "unreadable": gettext_lazy(
        "This file can't be read as a picture. Send a JPEG, PNG, WebP or AVIF file."
    ),
    "another format": gettext_lazy(
        "This is a file in the format %(format)s, which few cameras and browsers share. Export it"
        " as a JPEG, and send that."
    ),
    "HEIC": gettext_lazy(
        "This is a HEIC picture, which most browsers can't show. Send it as a JPEG: an iPhone"
        " converts it by itself when you add it in the phone's browser. To take new pictures as"
        " JPEG, choose Settings, Camera, Formats, Most Compatible; on other phones switch off"
        " high efficiency pictures in the settings of the camera."
    ),
    "video": gettext_lazy("This is a video. Send one picture of it, as a JPEG."),
    "incomplete": gettext_lazy(
        "Part of this picture is missing: its file ends before the picture is full. Send it again,"
        " or export it anew, as an ordinary JPEG."
    ),
    "pixels": gettext_lazy("This picture has more than %(most)d megapixels. Export it smaller."),
    "pixels of others": gettext_lazy(
        "This picture has more than %(most)d megapixels. Export it smaller, or as a JPEG,"
        " which may have %(most_of_jpeg)d."
    ),
    "small": gettext_lazy(
        "This picture is %(width)d × %(height)d pixels; it needs at least"
        " %(least_width)d × %(least_height)d so that it isn't blurred."
    ),
    "scans": gettext_lazy(
        "This JPEG is written in more than %(most)d layers (scans), which take too long to read."
        " Export it anew, as an ordinary JPEG, and send that."
    ),
    "frames": gettext_lazy(
        "This is an animation of more than %(most)d frames. Send one picture of it."
    ),
    "notes": gettext_lazy(
        "This file carries more text, notes or colour profile than a picture needs. Export it"
        " anew, without metadata, and send that."
    ),
    "parts": _MANY_PARTS,
    "pixels' parts": _MANY_PARTS,
    "filling": _MANY_PARTS,
    "costly": gettext_lazy(
        "This picture takes more time or memory to read than the site has for one. Export it"
        " smaller, as an ordinary JPEG, and send that."
    ),
}


def render_upload(
    file: BinaryIO,
    size: tuple[int, int],
    renditions: Sequence[Rendition],
    *,
    in_background: bool = False,
) -> list[bytes]:
    """Return the files made of an upload that is cropped to ``size``, one for each rendition.

    Raise ValidationError, with a message for the uploader, if the file is no picture, has too
    many bytes or pixels, is smaller than ``size``, or is a decompression bomb. Raise Busy if no
    picture can be decoded now.
    """
    _check_weight(file)
    try:
        return render(file, size, renditions, in_background=in_background)
    except Refusal as refusal:
        raise ValidationError(
            WORDS[refusal.kind], code=refusal.kind, params=refusal.numbers
        ) from refusal


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
