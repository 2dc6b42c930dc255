"""HEAD is answered as GET, without the body, everywhere: RFC 9110, section 9.3.2."""

import pytest
from django.test import override_settings

from lettings.tests.factories import make_letting

from .test_hostile import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]
ADDRESSES = ("/", "/fr/", "/lettings/", "/lettings/{id}/", "/profiles/", "/robots.txt", "/livez")
ADDRESSES += ("/sitemap.xml", "/site.webmanifest", "/favicon.ico", "/accounts/login/", "/readyz")
ADDRESSES += ("/enquiries/to/{id}/", "/lettings/new/", "/lettings/1", "/nothing/", "/version")
ADDRESSES += ("/api/v1/lettings", "/api/v1/lettings/{id}", "/api/v1/my/lettings", "/api/v1/docs")
ADDRESSES += ("/api/v1/openapi.json", "/api/v1/nothing", "/media/photos/x", "/admin/")
# What is another in each answer, or of each moment.
OF_ITS_OWN = {"Set-Cookie", "Content-Security-Policy", "X-Request-ID", "RateLimit", "Date"}
CHANGING = {"/accounts/login/", "/enquiries/to/{id}/"}  # a form's token has a length of its own


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_headers(address):
    path = address.format(id=make_letting("Haus").pk)
    with override_settings(SENTRY_DSN=""):
        status, headers, _body = ask(path)
        status_of_head, headers_of_head, body_of_head = ask(path, "HEAD")
    left_out = OF_ITS_OWN | ({"ETag"} if address in CHANGING else set())
    assert (status_of_head, body_of_head) == (status, "")
    assert told(headers_of_head, left_out) == told(headers, left_out)


def told(headers, left_out):
    return sorted((name, value) for name, value in headers.items() if name not in left_out)
