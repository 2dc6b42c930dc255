"""Cached pages: a response in each encoding, ready to send, and the memory that holds them."""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

import brotli

Headers = list[tuple[str, str]]

# A browser asks again each time, and a 304 is cheap. A CDN may answer for at most 10 seconds, and
# 10 more while it fetches a new copy: we can't tell it that the data changed.
# https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2 and https://www.rfc-editor.org/rfc/rfc5861
CACHE_CONTROL = "public, max-age=0, s-maxage=10, stale-while-revalidate=10"
VARY = "Accept-Encoding, Cookie"

# Pages are compressed again after every change to the data, so these are middle levels: brotli's
# level 11 takes fifty times as long as level 5 and saves a tenth of the size.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
NOT_WORTH_COMPRESSING = 500  # bytes; a smaller response fits into one packet anyway

_REPLACED = {"cache-control", "content-length", "content-encoding", "etag", "vary", "expires"}
# The rate limit of the first visitor must not go to the others.
_ONE_VISITORS = {"ratelimit", "ratelimit-policy"}


@dataclass(frozen=True, slots=True)
class Variant:
    """A page in one encoding: the arguments of start_response, and the body."""

    etag: str
    headers: Headers
    not_modified: Headers
    body: list[bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A cached page: its token, when it expires, and its encodings."""

    token: bytes
    expires: float
    route: str
    variants: dict[str, Variant]
    size: int

    def variant(self, accept_encoding: str) -> Variant:
        """Return the best variant that this Accept-Encoding header allows."""
        for name in accepted(accept_encoding):
            if name in self.variants:
                return self.variants[name]
        return self.variants["identity"]


def make_entry(token: bytes, expires: float, route: str, headers: Headers, body: bytes) -> Entry:
    """Return an entry with the bodies, ETags and headers for all later visitors.

    ``expires`` is on the monotonic clock, in seconds.
    """
    left_out = _REPLACED | _ONE_VISITORS
    kept = [(name, value) for name, value in headers if name.lower() not in left_out]
    bodies = {"identity": body}
    if len(body) >= NOT_WORTH_COMPRESSING:
        bodies["gzip"] = _gzip(body)
        bodies["br"] = brotli.compress(body, quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT)
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    variants = {name: _variant(name, digest, kept, bodies[name]) for name in bodies}
    size = sum(len(each) for each in bodies.values()) + sum(len(n) + len(v) for n, v in kept)
    return Entry(token, expires, route, variants, size)


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress(body) + compressor.flush()


def _variant(name: str, digest: str, kept: Headers, body: bytes) -> Variant:
    # A strong ETag names exact bytes, so each encoding has its own.
    etag = f'"{digest}"' if name == "identity" else f'"{digest}-{name}"'
    common = [("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Vary", VARY)]
    encoding = [] if name == "identity" else [("Content-Encoding", name)]
    length = [("Content-Length", str(len(body)))]
    return Variant(etag, kept + encoding + common + length, common, [body])


@lru_cache(maxsize=512)
def accepted(header: str) -> tuple[str, ...]:
    """Return our encodings that an Accept-Encoding header allows, the best first.

    https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3; equal weights: the smaller body first.

    >>> accepted("gzip, deflate, br")
    ('br', 'gzip', 'identity')
    >>> accepted("br;q=0.1, gzip;q=0.5, identity;q=0.2")
    ('gzip', 'identity', 'br')
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    anything = weights.get("*", 0.0)
    # If the header does not mention identity, it is allowed, after the encodings that it names.
    ranked = [
        (weights.get("br", anything), 2, "br"),
        (weights.get("gzip", weights.get("x-gzip", anything)), 1, "gzip"),
        (weights.get("identity", 0.0001 if "*" not in weights else anything), 0, "identity"),
    ]
    ranked.sort(reverse=True)
    return tuple(name for weight, _, name in ranked if weight > 0)


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def matches(etag: str, if_none_match: str) -> bool:
    """Return whether If-None-Match names this ETag, by weak comparison.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2

    >>> matches('"a"', 'W/"b", W/"a"'), matches('"a"', '*'), matches('"a"', '"ab"')
    (True, True, False)
    """
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == etag for part in if_none_match.split(","))


class Memory:
    """A least-recently-used cache of entries, with at most ``max_bytes``."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._entries: OrderedDict[tuple[str, ...], Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Entry | None:
        """Return the entry, and mark it as used."""
        entry = self._entries.get(key)
        if entry is not None:
            with self._lock:
                if key in self._entries:
                    self._entries.move_to_end(key)
        return entry

    def put(self, key: tuple[str, ...], entry: Entry) -> None:
        """Store the entry in place of an older one; drop the least recently used to make room."""
        with self._lock:
            self._drop(key)
            if entry.size > self.max_bytes:
                return
            self._entries[key] = entry
            self.size += _cost(key, entry)
            while self.size > self.max_bytes:
                self._drop(next(iter(self._entries)))

    def clear(self) -> None:
        """Drop every entry."""
        with self._lock:
            self._entries.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def _drop(self, key: tuple[str, ...]) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= _cost(key, entry)


def _cost(key: tuple[str, ...], entry: Entry) -> int:
    # Measured: Python's objects around the bytes take about two kilobytes.
    return entry.size + sum(map(len, key)) + 2048
