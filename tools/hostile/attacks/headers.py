"""Every header that a layer of ours reads, or might one day, with every malformed value.

Names: https://www.iana.org/assignments/http-fields/http-fields.xhtml, and those of proxies.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial

from ..site import Site
from ..tally import Answer

NAMES = """
    Accept Accept-Charset Accept-Encoding Accept-Language Authorization Cache-Control Connection
    Content-Disposition Content-Encoding Content-Language Content-Length Content-Range
    Content-Type Cookie Date Expect Forwarded From Host HTTP2-Settings Idempotency-Key If-Match
    If-Modified-Since If-None-Match If-Range If-Unmodified-Since Keep-Alive Max-Forwards Origin
    Pragma Prefer Priority Proxy-Authorization Range Referer Sec-Fetch-Site Sec-Purpose TE Trailer
    Transfer-Encoding Upgrade User-Agent Via X-CSRFToken X-Forwarded-For X-Forwarded-Host
    X-Forwarded-Port X-Forwarded-Prefix X-Forwarded-Proto X-HTTP-Method-Override X-Real-IP
    X-Request-ID X-Requested-With
""".split()
VALUES = [
    *("", " ", ",", ";", "=", '"', "\\", "*", "/", ":", "::", "[", "]", "[::1", "-1", "٣", "%"),
    *("a/b", "a/b;", "a/b; =", "a/b; c", 'a/b; c="', 'a/b; c="\\', "a/b; c*=", "a/b; c*=x", "a=b"),
    *("a/b; c*0=d; c*2=e", "a/b; c*=idna''%FF", "a/b; c*=zlib''x", "a/b; boundary*=punycode''%FF"),
    *("multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary=""'),
    *("multipart/form-data; boundary=" + "b" * 300, "multipart/form-data; boundary=\xff"),
    *("application/json; charset=utf-16", "http://[::1", "http://a:b/", "//", "http://\xff/"),
    *(
        "bytes=",
        "bytes=-",
        "bytes=1-0",
        "bytes=0-0,1-1",
        "bytes=9999999999999999999999-",
        "bytes=x",
    ),
    *("W/", 'W/"', '"a', "Bearer", "Bearer \xff", "Basic", "Basic !", "Basic Og==", "gzip;q=nan"),
    *("gzip;q=1e999", "br;q=", "en;q=x", "Thu, 99 Foo 0000 99:99:99 GMT", "Thu, 01 Jan 1970"),
    *("Thu, 01 Jan 99999 00:00:00 GMT", "100-continue", "chunked", "gzip, chunked", "h2c"),
    *("websocket", "sessionid=\xff", "a=b; a", "=;=", "$Version=1", 'a="\\377', "1" * 5000),
    *("\xff\xfe", "\x01", "\x7f", "\t", "a\tb", "%00", "%ff", "${jndi:ldap://x}", "' OR 1=1 --"),
    *("x" * 8000, "," * 8000, ";" * 8000, '"' * 8000, "a;" * 4000, "q=0," * 2000, "(" * 8000),
]
# Django reads three digits in quotes as a byte.
# https://docs.python.org/3/library/http.cookies.html
COOKIES = [
    *('"\\000aaaaaaaa"', '"\\015\\012aaaaaaaa"', '"\\377\\376aaaaaaaa"'),
    '"' + "\\141" * 1900 + '"',
]
PAGES = ("/lettings/?q=cabin", "/livez", "/api/v1/lettings?q=cabin", "/static/x.css", "/nope/")
FORMS = ("/accounts/login/", "/enquiries/to/1/", "/api/v1/me")


def questions(site: Site) -> Iterator[Callable[[], Answer]]:
    """Return each value of each header, to a page and to a form in turn."""
    pages, forms = itertools.cycle(PAGES), itertools.cycle(FORMS)
    for number, (name, value) in enumerate(itertools.product(NAMES, VALUES)):
        header = {name: value.encode("utf-8" if value == "٣" else "latin-1")}
        if number % 2:
            yield partial(site.post, next(forms), b"login=a&password=b", header, timeout=5)
        else:
            yield partial(site.ask, "GET", next(pages), header, timeout=5)
    for path, value in itertools.product((*PAGES, *FORMS), COOKIES):
        for name in ("__Host-sessionid", "__Host-csrftoken", "messages"):
            yield partial(site.ask, "GET", path, {"Cookie": f"{name}={value}"})
    for path in (*PAGES, *FORMS):
        for name in NAMES:
            yield partial(site.ask, "GET", path, [(name, "a"), (name, '"')])


def attack(site: Site) -> None:
    """Send them all, and each header twice to every page."""
    site.together(questions(site))
