"""Accept an edit only if the client has seen the current state: RFC 9110, section 13.1.1."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header
from pydantic import BaseModel

from .problems import Problem

# https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3; empty elements of a list: section 5.6.1.2
TAG = re.compile(r'(?:W/)?"[!#-~\x80-\xff]*"')
TAGS = re.compile(rf"[ \t,]*{TAG.pattern}(?:[ \t]*,[ \t,]*{TAG.pattern})*[ \t,]*")
# Proxies that compress an answer mark its ETag, which stays a strong one. "-gzip", "-br": Apache,
# https://httpd.apache.org/docs/2.4/mod/mod_deflate.html#deflatealteretag, and Caddy,
# https://github.com/caddyserver/caddy/blob/master/modules/caddyhttp/encode/encode.go; "--gzip":
# Jetty, https://github.com/jetty/jetty.project/issues/1416. Our ETag names the content whatever
# its coding, so we take the marks of all proxies off. Ours end in a hexadecimal digit.
CODINGS = "gzip|gz|br|zstd|deflate|compress"
SUFFIX = re.compile(rf'(?<=[0-9a-f])(?:(?:--?|[;:])(?:x-)?(?:{CODINGS})){{1,3}}"$')
# nginx (1.7.3), HAProxy, CloudFront and Cloudflare make it a weak one, W/"...", and the standard
# wants If-Match to be compared strongly: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
# https://developers.cloudflare.com/cache/reference/etag-headers/
WEAKENED = (
    "Nothing was changed since you saw it, but a proxy between changed its ETag into a weak one:"
    " W/ stands before it. Send the ETag without the W/, or get it again with Accept-Encoding:"
    " identity, which proxies leave as it is."
)

IfMatch = Annotated[
    str,
    Header(
        None,
        alias="If-Match",
        description="The ETag of the answer that you edit: what changed since is not overwritten.",
    ),
]


def etag(shown: BaseModel) -> str:
    """Return the ETag of an answer's content."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def require_match(request: HttpRequest, shown: BaseModel) -> None:
    """Raise Problem 428 without If-Match, and 412 if it names another state or is no list.

    Call it before writing, while holding the row's lock.
    """
    asked = request.headers.get("If-Match")
    if asked is None:
        raise Problem(428, "Send If-Match with the ETag of what you have seen, or with *.")
    if asked.strip() == "*":
        return
    if not TAGS.fullmatch(asked):
        raise Problem(412, "If-Match is *, or ETags with their quotes and commas between them.")
    current = etag(shown)
    named = [_as_we_sent_it(each[0]) for each in TAG.finditer(asked)]
    if current in named:
        return
    if f"W/{current}" in named:
        raise Problem(412, WEAKENED)
    raise Problem(412, "This was changed since you saw it. Get it again, then edit that.")


def _as_we_sent_it(tag: str) -> str:
    """Return an ETag without what a compressing proxy added to it.

    >>> _as_we_sent_it('"5d41-gzip"'), _as_we_sent_it('W/"5d41--br"'), _as_we_sent_it('"5d41"')
    ('"5d41"', 'W/"5d41"', '"5d41"')
    """
    return SUFFIX.sub('"', tag)


def with_etag(response: Any, shown: BaseModel) -> Any:
    """Set the ETag of the answer; return its content."""
    response["ETag"] = etag(shown)
    return shown
