"""Paths, hosts and ports of every kind, and what of them gets into the log or into a mail."""

from __future__ import annotations

from urllib.parse import quote

from ..production import HOST
from ..site import Site

QUERY = "token=hidden-in-a-query"
KEY = "/accounts/password/reset/key/MQ-hidden-in-a-key/"
PATHS = [
    *(
        "/nope/€/",
        "/profiles/Łukasz/",
        "/profiles/日本語/",
        "/nope/😀/",
        "/nope/é/",
        "/fr/nope/€/",
    ),
    *("/api/v1/€", "/static/€.css", "/media/€", "/lettings/€/", "//€", "/\u202e/", "/\ud7ff/"),
]
RAW = [
    *(
        b"/%FF%FE/",
        b"/%C3%28/",
        b"/%ED%A0%80/",
        b"/%F0%82%82%AC/",
        b"/%",
        b"/%zz",
        b"/%00",
        b"/%0A",
    ),
    *(
        b"/\xe2\x82\xac/",
        b"/\xff\xfe",
        b"*",
        b"//",
        b"///x",
        b"http://[::1",
        b"http://evil/",
        b"/..",
    ),
    *(
        b"/static/..%2f..%2fetc/passwd",
        b"/static/%2e%2e/%2e%2e/x",
        b"/?%ff=%fe",
        b"/?" + b"&" * 3000,
    ),
    *(
        b"/#x",
        b"/;x",
        b"/\\",
        b"/lettings/" + b"9" * 3000 + b"/",
        b"/" + b"a/" * 1500,
        b"@",
        b":80",
    ),
]
HOSTS = [
    *(
        f"{HOST}:{port}"
        for port in ("0", "00", "1337", "65535", "65536", "99999", "x", "-1", "٣", "")
    ),
    *(
        f"{HOST}:{'0' * 300}",
        f"{HOST}:{'0' * 300}1",
        f"{HOST}:{'9' * 5000}",
        f"{HOST}:1:2",
        f"{HOST}.",
    ),
    *(
        "evil.example",
        "a b",
        "a\\b",
        f"{HOST}/x",
        f"{HOST}@evil",
        f"x@{HOST}",
        "[::1]",
        "[::1",
        "[",
        "]",
    ),
    *(
        "",
        ".",
        ":",
        ":80",
        "*",
        f"{HOST},evil",
        f"{HOST} evil",
        "\xff",
        "a" * 5000,
        "127.0.0.1:1337",
    ),
]
PAGES = ("/", "/lettings/?q=x", "/accounts/login/", "/api/v1/lettings", "/static/x", "/robots.txt")


# Somebody to whom a mail can be sent, at a stranger's wish.
CONFIRM = """
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
user = User.objects.get(username="AirWow")
User.objects.filter(pk=user.pk).update(email="airwow@example.org")
EmailAddress.objects.create(user=user, email="airwow@example.org", verified=True, primary=True)
"""
CONTENTS = (
    "from background.models import Mail; print(*Mail.objects.values_list('content', flat=True))"
)


def attack(site: Site) -> None:
    """Ask for each, as a stranger and signed in; then read the log, and the mails."""
    site.run(CONFIRM)
    before = len(site.log())
    cookie = {"Cookie": site.cookie_of("AirWow")}
    for path in PATHS:
        site.ask("GET", encoded(path))
        site.ask("GET", encoded(path), cookie)
    for path in RAW:
        site.ask("GET", path)
        site.ask("POST", path)
    _hosts(site)
    _secrets(site)
    _read_log(site, site.log()[before:])


def encoded(path: str) -> str:
    """Return a path as a browser sends it."""
    return quote(path, errors="surrogatepass")


def _hosts(site: Site) -> None:
    for host in HOSTS:
        header = {"Host": host.encode("utf-8" if "٣" in host else "latin-1")}
        for page in PAGES:
            site.ask("GET", page, header)
        site.ask("GET", "/livez", header)
        site.post("/enquiries/to/1/", b"text=Is+it+free%3F", header)
    header = {"Host": f"{HOST}:1337", "Origin": f"https://{HOST}:1337"}
    site.post("/accounts/password/reset/", b"email=airwow@example.org", header, expect={302})
    mails = site.run(CONTENTS)
    if "/accounts/password/reset/key/" not in mails:
        site.fail("no mail with a link was written")
    if "1337" in mails:
        site.fail("a mail links to the port that a stranger chose")


def _read_log(site: Site, told: str) -> None:
    for wrong in ("Traceback", "UnicodeEncodeError", '"level": "ERROR"', "hidden-in-a"):
        if wrong in told:
            line = next(line for line in told.splitlines() if wrong in line)
            site.fail(f"the log has {wrong!r}: {line[:500]}")
    for path in PATHS:
        if f'"{encoded(path)}"' not in told:
            site.fail(f"no line of the log has the path {encoded(path)}")


def _secrets(site: Site) -> None:
    """Ask with a query and by a key in every way that somebody logs an error."""
    for path in (
        f"/?{QUERY}",
        f"/lettings/?{QUERY}",
        f"/nope/?{QUERY}",
        f"/api/v1/nope?{QUERY}",
        KEY,
    ):
        for header in ({}, {"Host": "evil.example"}, {"Content-Type": "a/b; charset=hex"}):
            site.ask("GET", path, header)
            site.post(path, b"a=b", header)
            site.post(path, b"a=b", {**header, "X-CSRFToken": "wrong"})
        site.ask("GET", path, {"X": "\x00"})
        site.ask("GET", f"{path} x")
        site.ask("G(T", path)
        site.send(f"GET {path} HTTP/9.9\r\nHost: {HOST}\r\n\r\n".encode())
        site.send(f"GET {path}{'x' * 5000} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
