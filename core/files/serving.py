"""Serve uploaded pictures from the storage, where no other server does."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

# The content of a name never changes: RFC 8246, section 2.
FOREVER = "public, max-age=31536000, immutable"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# The only public names of pictures. Nothing else matches a URL, however it is encoded.
NAME = r"photos/[0-9a-f]{32}-(?:480|960|1440)\.(?:avif|webp|jpg)"


@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return a rendition of an uploaded picture; 503 while the storage is away. Raise Http404."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    except OSError as error:
        logger.warning("%s can't be read: %s", name, error)
        return _away()
    response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
    # Small files: no part of one is worth a request (RFC 9110, section 14.3).
    response["Accept-Ranges"] = "none"
    response["Cache-Control"] = FOREVER
    # Link previews and feed readers of other sites may show it.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["ETag"] = f'"{name}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is not response:
        file.close()
    return answer


def _away() -> HttpResponse:
    response = HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "10"})
    response._has_been_logged = True  # as an error, each picture of a page would be reported
    return response
