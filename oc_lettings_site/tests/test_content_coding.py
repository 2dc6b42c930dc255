"""A compressed body is refused before anything reads it: RFC 9110, section 15.5.16."""

import gzip
import json

import pytest

from core.web.security_middleware import sent_as_it_is
from .test_hostile import ask

pytestmark = pytest.mark.usefixtures("one_connection")
BODY = gzip.compress(b"login=ada")
# https://www.iana.org/assignments/http-parameters/#content-coding
CODINGS = ("aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip")
CODINGS += ("x-compress", "x-gzip", "zstd", "GZIP", "identity, gzip", "gzip, identity", "nonsense")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_is_not_taken(coding):
    assert not sent_as_it_is({"HTTP_CONTENT_ENCODING": coding, "CONTENT_LENGTH": "30"})
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert not sent_as_it_is({"HTTP_CONTENT_ENCODING": coding, **chunked})
    assert sent_as_it_is({"HTTP_CONTENT_ENCODING": coding, "CONTENT_LENGTH": "0"})
    assert sent_as_it_is({"HTTP_CONTENT_ENCODING": coding})


@pytest.mark.parametrize("coding", ["", "identity", "Identity", " identity ", ",", "identity,"])
def test_no_coding_is(coding):
    assert sent_as_it_is({"HTTP_CONTENT_ENCODING": coding, "CONTENT_LENGTH": "30"})
    assert sent_as_it_is({"CONTENT_LENGTH": "30"})


@pytest.mark.parametrize("path", ["/accounts/login/", "/fr/enquiries/to/1/", "/nothing/"])
def test_pages_say_so(path):
    status, headers, page = ask(path, "POST", body=BODY, HTTP_CONTENT_ENCODING="gzip")
    assert (status, headers["Accept-Encoding"], headers["Cache-Control"]) == (
        415,
        "identity",
        "no-store",
    )
    assert ("compressé" if path.startswith("/fr/") else "compressed") in page


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_the_api_says_so(method):
    options = {"CONTENT_TYPE": "application/json", "HTTP_CONTENT_ENCODING": "gzip"}
    status, headers, page = ask("/api/v1/my/lettings", method, body=BODY, **options)
    assert (status, headers["Accept-Encoding"]) == (415, "identity")
    assert headers["Content-Type"] == "application/problem+json"
    assert "compressed" in json.loads(page)["detail"]
