"""Hostile requests, through the whole WSGI stack: each meets a 4xx of ours, never a 500."""

import io
import json
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.web.charsets import in_utf8
from core.web.middleware import RequestChecksMiddleware
from core.web.security_middleware import WSGISecurityMiddleware, security_headers
from oc_lettings_site.wsgi import application
from tools.hostile.attacks import addresses, charsets, headers

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


@pytest.mark.parametrize(
    "value", ['"\\000aaaaaaaa"', '"aaaaaaaa\\015\\012"', '"\\033"', "a\x01aaaaaaaa"]
)
def test_a_cookie_with_control_characters_is_none(value):
    """In quotes Django reads three digits as a byte; PostgreSQL refuses to look for a NUL."""
    seen = []
    header = f"messages=kept; sessionid={value}"
    request = WSGIRequest(EnvironBuilder("/", headers={"Cookie": header}).get_environ())
    RequestChecksMiddleware(lambda asked: seen.append(dict(asked.COOKIES)))(request)
    assert seen == [{"messages": "kept"}]


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


# By the standard one and the same: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
UTF8 = [
    *("text/plain", "text/plain;charset=utf-8", 'text/plain; charset="UTF-8"', "a/b ; CharSet=U8"),
    *("a/b; charset=utf8;", "a/b;;charset=utf_8", "a/b; charset=us-ascii", "a/b; charset=ASCII"),
    *("a/b; charset*=utf-8''utf%2D8", "text/html;charset=utf8", "application/json; charset=utf-8"),
    *("multipart/form-data; boundary=charset; charset=utf-8", "a/b; charset*=UTF-8'en'us-ascii"),
]
# Foreign, or not to be understood in one way alone.
NOT_UTF8 = [
    *("a/b; charset", "a/b; charset=", 'a/b; charset="', 'a/b; charset=""', "a/b; charset=utf-16"),
    *("a/b; charset = utf-8", "a/b; charset= utf-8", "a/b; charset=utf-8 x", "; charset=utf-8"),
    *("a/b; charset=utf-8; charset=utf-8", "a/b; charset=utf-8; charset*=utf-8''utf-8"),
    *(
        "a/b; charset*=hex''utf-8",
        "a/b; charset*=utf-8''hex",
        "a/b; charset*=utf-8",
        "a/b; charset*=",
    ),
    *("a/b; charset*0=ut; charset*1=f-8", "a/b; charset*0*=utf-8''ro; charset*1=t13"),
    *(
        'a/b; charset="utf-8',
        'a/b; charset="\\utf-8"',
        "a/b; charset=utf-8\xe9",
        "a/b; charset=\xff",
    ),
    *("a/b; x*=idna''%FF; charset=utf-8", "a/b; boundary*=punycode''x", "a; charset=utf-8"),
    *("a/b, c/d; charset=utf-8", "a/b; charset=utf-8, c/d; charset=hex", "a/b; charset='utf-8'"),
    *("a/b; charset=utf-8\x00", "a/b; charset=" + "x" * 8000, "a/b; charset*=''utf-8"),
]


@pytest.mark.parametrize("content_type", UTF8)
def test_a_charset_of_ours_by_any_name(content_type):
    understood = in_utf8(content_type)
    request = WSGIRequest(
        {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO(), "CONTENT_TYPE": understood}
    )
    assert request.encoding in (None, "utf-8")
    assert in_utf8(understood) == understood


@pytest.mark.parametrize("content_type", NOT_UTF8)
def test_a_charset_that_is_foreign_or_ambiguous(content_type):
    assert in_utf8(content_type) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/fr/", "/lettings/", "/livez", "/static/x.css", "/nope/", "/media/x", "/admin/"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "FOO"])
def test_a_foreign_charset_is_refused_everywhere(path, method):
    foreign = "text/plain; charset=rot13"
    status, answered, page = ask(path, method, "q=%C3%A9", CONTENT_TYPE=foreign)
    assert (status, answered["Cache-Control"]) == (415, "no-store")
    assert "default-src 'none'" in answered["Content-Security-Policy"]
    assert method == "HEAD" or ("<h1>" in page and "UTF-8" in page)


def test_a_foreign_charset_is_told_to_programs_in_json():
    foreign = "application/json; charset=hex"
    status, answered, page = ask("/api/v1/lettings", CONTENT_TYPE=foreign)
    assert (status, answered["Content-Type"]) == (415, "application/problem+json")
    assert "UTF-8" in json.loads(page)["detail"]


@pytest.mark.parametrize("codec", charsets.every_codec())
def test_no_codec_of_python_is_run(codec):
    for parameter in charsets.spellings(codec):
        assert in_utf8(f"text/plain; {parameter}") is None


@pytest.mark.django_db
def test_what_says_it_is_ascii_is_read_as_utf8():
    """Django would put a question mark for each letter that is none of ASCII."""
    query = "q=" + quote("Zoé")
    assert "Zoé" in ask("/lettings/", query=query, CONTENT_TYPE="text/plain; charset=us-ascii")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("name", headers.NAMES)
def test_a_malformed_header(name):
    key = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}.get(
        name, f"HTTP_{name.upper().replace('-', '_')}"
    )
    for number, value in enumerate(headers.VALUES):
        value = value.encode("utf-8" if value == "٣" else "latin-1").decode("latin-1")
        path = ("/nope/", "/livez", "/api/v1/me", "/static/x.css")[number % 4]
        status, answered, _ = ask(path, ("GET", "POST")[number % 2], **{key: value})
        assert status < 500, (path, value)
        assert "default-src 'none'" in answered["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", addresses.PATHS)
def test_any_path_is_logged_as_it_was_asked_for(path, caplog):
    encoded = addresses.encoded(path)
    ask(unquote_to_bytes(encoded).decode("latin-1"))
    assert caplog.records[-1].fields["path"] == encoded


@pytest.mark.django_db
@pytest.mark.parametrize("host", addresses.HOSTS)
def test_any_host(host):
    host = host.encode("utf-8" if "٣" in host else "latin-1").decode("latin-1")
    host = host.replace(addresses.HOST, "testserver")
    for path in ("/", "/accounts/login/"):
        status, answered, _ = ask(path, HTTP_HOST=host)
        assert status == (200 if host in USABLE else 400), host
    assert ask("/livez", HTTP_HOST=host)[0] == 200


USABLE = {
    *("testserver:1337", "testserver:65535", "testserver.", "127.0.0.1:1337", "[::1]"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/version", "/static/x.css", "/favicon.ico", "/nope"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_whatever_answers_has_the_security_headers(path, scheme, settings):
    settings.SECURE_HSTS_SECONDS = 9
    security_headers.cache_clear()
    _, answered, _ = ask(path, **{"wsgi.url_scheme": scheme})
    security_headers.cache_clear()
    for name in SECURITY_HEADERS:
        assert answered[name], name
    assert ("Strict-Transport-Security" in answered) == (scheme == "https")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/lettings/", "/livez", "/static/x.css", "/nope/", "/api/v1/lettings", "/lettings"],
)
def test_head_has_no_body(path):
    """gunicorn drops one, and writes a line of warning for each request."""
    for _ in range(2):  # the second time from the page cache
        status, _, body = ask(path, "HEAD")
        assert (status == ask(path)[0], body) == (True, "")


SECURITY_HEADERS = (
    *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"),
    *("Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"),
)


@pytest.mark.parametrize("path", ["/nope/", "/api/v1/nope"])
def test_an_application_that_breaks_has_an_answer_of_ours(path):
    def broken(environ, start_response):
        raise RuntimeError("on purpose")

    environ = EnvironBuilder(path).get_environ()
    body, status, answered = run_wsgi_app(WSGISecurityMiddleware(broken), environ)
    assert status.startswith("500 ")
    assert answered["Content-Security-Policy"]
    body = b"".join(body).decode()
    assert json.loads(body)["status"] == 500 if "api" in path else "<h1>" in body
