"""Forms and queries in a foreign charset: quadratic codecs, codecs that are none of text.

Django decodes both by the charset of Content-Type:
https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpRequest.encoding
"""

from __future__ import annotations

import encodings
import pkgutil
from encodings.aliases import aliases
from functools import partial

from ..site import Site

PATHS = ("/", "/lettings/", "/accounts/login/", "/api/v1/lettings", "/livez", "/nope/")
OURS = {"utf_8", "ascii"}
SLOW = (
    b"--x\r\nContent-Disposition: form-data; name=login\r\n\r\nx-"
    + b"0" * 2_400_000
    + b"\r\n--x--"
)


def every_codec() -> list[str]:
    """Return every name of every codec that Python knows, but UTF-8 and ASCII."""
    modules = {module.name for module in pkgutil.iter_modules(encodings.__path__)}
    known = modules | {name for pair in aliases.items() for name in pair}
    ours = OURS | {alias for alias, codec in aliases.items() if codec in OURS}
    return sorted(known - ours - {"aliases"})


def spellings(codec: str) -> tuple[str, ...]:
    """Return how a Content-Type may name a codec: RFC 9110, section 5.6.6, and RFC 2231."""
    return f"charset={codec}", f'CharSet="{codec}"', f"charset*={codec}''{codec}"


def attack(site: Site) -> None:
    """Send ten quadratic forms at once, then each codec in each spelling."""
    slow = {"Content-Type": "multipart/form-data; boundary=x; charset=punycode"}
    form = partial(site.post, "/accounts/login/", SLOW, slow, expect={415})
    site.together([form] * 10, threads=10)
    for number, codec in enumerate(every_codec()):
        path = PATHS[number % len(PATHS)] + "?q=%C3%A9"
        for parameter in spellings(codec):
            site.ask("GET", path, {"Content-Type": f"text/plain; {parameter}"}, expect={415})
