"""Check the charset that a request names: this site accepts only UTF-8.

Django decodes forms and queries by the charset that the client names. Some of Python's codecs take
quadratic time (punycode, idna); some are not for text (hex, zlib, rot13).
https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpRequest.encoding
"""

from __future__ import annotations

import codecs
import re
from urllib.parse import unquote

from django.utils.http import parse_header_parameters

# https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6; for text in Latin-1.
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
TYPE = re.compile(rf"[ \t]*({TOKEN}/{TOKEN})")
PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({TOKEN})=({TOKEN}|{QUOTED}))?")
# https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1
EXTENDED = re.compile(
    r"([A-Za-z0-9_-]+)'[A-Za-z0-9-]*'((?:[!#$&+.^_`|~0-9A-Za-z-]|%[0-9A-Fa-f]{2})*)"
)
# Python treats any punctuation as a dash; names of IANA and Python have only these:
# https://www.rfc-editor.org/rfc/rfc2978#section-2.3
NAME = re.compile(r"[A-Za-z0-9._:()+-]{1,40}")
READ = frozenset({"utf-8", "ascii"})


def in_utf8(content_type: str) -> str | None:
    """Return a Content-Type with which Django decodes UTF-8; None to refuse the request.

    A type without a charset is returned unchanged. ASCII becomes UTF-8, which includes it: so a
    text that is wrongly declared as ASCII is still read correctly. Any other charset is refused.
    So is a charset that is malformed by the standard, or named twice, or that Django understands
    in another way than the standard.

    >>> in_utf8('text/plain; charset="US-ASCII"'), in_utf8("text/plain; charset=punycode")
    ('text/plain; charset="utf-8"', None)
    """
    if "charset" not in content_type.lower() and "*" not in content_type:
        return content_type
    kind, parameters = _parsed(content_type)
    try:
        theirs = parse_header_parameters(content_type)[1]
    except ValueError:
        return None
    if not kind or parameters != theirs:
        return None
    if "charset" not in parameters:
        return content_type
    if not is_read(parameters["charset"]):
        return None
    said = {**parameters, "charset": "utf-8"}
    return "; ".join([kind, *(f"{name}={_quoted(value)}" for name, value in said.items())])


def is_read(charset: str) -> bool:
    """Return whether this is a name of UTF-8 or of ASCII."""
    try:
        return NAME.fullmatch(charset) is not None and codecs.lookup(charset).name in READ
    except LookupError:
        return False


def _parsed(content_type: str) -> tuple[str, dict[str, str]]:
    """Return type and parameters by RFC 9110; ("", {}) if malformed or a parameter is repeated."""
    start = TYPE.match(content_type)
    if start is None:
        return "", {}
    found: dict[str, str] = {}
    end = start.end()
    while match := PARAMETER.match(content_type, end):
        end = match.end()
        if match[1] is None:
            continue
        name, value = _read(match[1].lower(), match[2])
        if value is None or name in found:
            return "", {}
        found[name] = value
    return ("", {}) if content_type[end:].strip(" \t") else (start[1].lower(), found)


def _read(name: str, value: str) -> tuple[str, str | None]:
    """Return a parameter's name and value; None if it has a charset of its own, or parts."""
    if value.startswith('"'):
        return name, None if "*" in name else re.sub(r"\\(.)", r"\1", value[1:-1])
    if "*" not in name:
        return name, value
    extended = EXTENDED.fullmatch(value)
    if not extended or name.index("*") != len(name) - 1 or not is_read(extended[1]):
        return name, None
    try:
        return name[:-1], unquote(extended[2], encoding="utf-8", errors="strict")
    except UnicodeDecodeError:
        return name, None


def _quoted(value: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
