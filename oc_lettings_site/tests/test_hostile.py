"""Hostile requests, through the whole WSGI stack: each meets a 4xx of ours, never a 500."""

import io

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from werkzeug.test import run_wsgi_app

from oc_lettings_site.wsgi import application

pytestmark = pytest.mark.usefixtures("one_connection")

TOKEN = "t" * 32
MULTIPART = "multipart/form-data; boundary=x"


def ask(path="/", method="GET", query="", body=b"", **environ):
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **environ,
    }
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    return int(status.split()[0]), headers, b"".join(body).decode()


HOSTILE = {
    "a NUL in the path": (400, {"path": "/profiles/\0/"}),
    "a line feed in the path": (400, {"path": "/lettings/1\n/"}),
    "bytes that are not UTF-8": (404, {"path": "/profiles/\xff\xfe/"}),
    "up and out": (404, {"path": "/static/../../../../etc/passwd"}),
    "a path of 10,000 characters": (404, {"path": "/" + "a" * 10_000}),
    "an id beyond every integer": (404, {"path": f"/lettings/{10**30}/"}),
    "a file of the house": (404, {"path": "/.env"}),
    "a wrong Host": (400, {"HTTP_HOST": "evil.example"}),
    "a malformed Host": (400, {"HTTP_HOST": "a b\\c"}),
    "a Host with a path": (400, {"HTTP_HOST": "testserver/evil"}),
    "TRACE": (405, {"method": "TRACE"}),
    "CONNECT": (405, {"method": "CONNECT"}),
    "an invented method": (405, {"method": "FOO"}),
    "PUT": (405, {"method": "PUT"}),
    "DELETE on a page": (405, {"path": "/lettings/", "method": "DELETE"}),
    "POST on a page, without a token": (403, {"path": "/lettings/", "method": "POST"}),
    "an invented method on the admin": (405, {"path": "/admin/", "method": "FOO"}),
    "a length that is no number": (400, {"method": "POST", "CONTENT_LENGTH": "ten"}),
    "a negative length": (400, {"method": "POST", "CONTENT_LENGTH": "-1"}),
    "a length in other digits": (400, {"method": "POST", "CONTENT_LENGTH": "\u0661"}),
    "an unknown charset": (415, {"method": "POST", "CONTENT_TYPE": "a/b; charset=nonsense"}),
    "a body of a terabyte": (413, {"method": "POST", "CONTENT_LENGTH": str(10**12)}),
}
FORMS = {
    "too many fields": (400, {"body": b"&".join(b"f%d=" % n for n in range(2000))}),
    "a form of 3 MB": (400, {"body": b"a=" + b"x" * 3_000_000}),
    "no boundary": (400, {"body": b"x", "CONTENT_TYPE": "multipart/form-data"}),
    "a bad boundary": (400, {"body": b"x", "CONTENT_TYPE": "multipart/form-data; boundary=\xff"}),
}
# Django reads what there is of these, and the form says what is missing.
TORN = {
    "more bytes promised than sent": {"body": b"a=b", "CONTENT_LENGTH": "500"},
    "a part cut off": {"body": b"--x\r\nContent-Disposition: form", "CONTENT_TYPE": MULTIPART},
}


@pytest.mark.django_db
@pytest.mark.parametrize(("expected", "request_"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_request(expected, request_):
    check(expected, *ask(**request_))


@pytest.mark.django_db
@pytest.mark.parametrize(("expected", "request_"), FORMS.values(), ids=FORMS)
def test_a_hostile_form(expected, request_):
    """The token is right, so that what is wrong with the form is met."""
    form = {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "HTTP_COOKIE": f"csrftoken={TOKEN}",
        "HTTP_X_CSRFTOKEN": TOKEN,
        **request_,
    }
    check(expected, *ask("/accounts/login/", "POST", **form))


@pytest.mark.django_db
@pytest.mark.parametrize("form", TORN.values(), ids=TORN)
def test_a_torn_form_changes_nothing_and_breaks_nothing(form):
    form = {"HTTP_COOKIE": f"csrftoken={TOKEN}", "HTTP_X_CSRFTOKEN": TOKEN, **form}
    status, _, page = ask("/accounts/login/", "POST", **form)
    assert (status, "Please look at this again" in page) == (200, True)


def check(expected, status, headers, page):
    assert status == expected, page[:500]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    if status == 405:
        assert headers["Allow"]
    else:
        assert "<h1>" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 100_000,
        "&".join(f"f{n}=" for n in range(5000)),
        "q=%00&place=%00&page=%00",
        "%ff=%fe&q=%ed%a0%80",
        "&&&===&q",
        "q=%",
        "page=-1&price_min=nan&sleeps=1e999&bedrooms=%F0%9F%8F%A0&sort=;drop",
    ],
    ids=lambda query: query[:30],
)
@pytest.mark.parametrize("path", ["/", "/lettings/", "/profiles/"])
def test_nonsense_in_the_query_string(path, query):
    status, _, page = ask(path, query=query)
    assert status in {200, 400}
    assert "<h1>" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie", ["sessionid=\xff\xfe", "sessionid=" + "x" * 5000, ";;;=", "sessionid=../../x", "\0"]
)
def test_a_cookie_that_is_no_session_of_ours(cookie):
    for path in ("/", "/admin/"):
        status, _, _ = ask(path, HTTP_COOKIE=cookie)
        assert status in {200, 302}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "p=99999999",
        "p=x",
        "o=9.9.9",
        "all=",
        "_popup=1&_to_field=password",
        "id__exact=%00",
    ],
)
@pytest.mark.parametrize("model", ["auth/user", "lettings/letting", "profiles/profile"])
def test_nonsense_in_the_admin(model, query):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("admin"), settings.AUTHENTICATION_BACKENDS[1])
    response = client.get(f"/admin/{model}/?{query}")
    assert response.status_code < 500
