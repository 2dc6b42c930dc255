"""Serves uploaded pictures from the storage, where no other server does."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

# A name says what its content is, so it never changes: RFC 8246, section 2.
FOREVER = "public, max-age=31536000, immutable"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# The only public names of pictures; anything else, however encoded, matches no URL.
NAME = r"photos/[0-9a-f]{32}-(?:480|960|1440)\.(?:avif|webp|jpg)"


@require_safe
def photo(request: HttpRequest, name: str) -> FileResponse:
    """One rendition of an uploaded picture; raises Http404."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = FOREVER
    # Link previews and feed readers of other sites may show it.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
