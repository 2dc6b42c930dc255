"""The time zones that a user may choose, by their IANA names: https://www.iana.org/time-zones

``zone.tab`` lists the current ones, at least one a country. ``tzdata.zi`` has the links from older
names, which browsers send too. Both are in the package tzdata, whatever the machine has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

UTC = "UTC"
UTC_ITSELF = ("Etc/UTC", "Etc/GMT")


@cache
def names() -> frozenset[str]:
    """Return the names of the zones that a user may choose."""
    lines = _lines("zone.tab")
    return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#")) | {UTC}


@cache
def _links() -> dict[str, str]:
    """Return the current names by the older ones: {"US/Pacific": "America/Los_Angeles"}."""
    links = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {link[2]: link[1] for link in links}


def _lines(file: str) -> list[str]:
    return (files("tzdata") / "zoneinfo" / file).read_text().splitlines()


def find(name: str) -> str:
    """Return the current name of the zone that a browser sent; "" if it is none.

    >>> find("US/Pacific"), find("Etc/UTC"), find("Etc/GMT+8")
    ('America/Los_Angeles', 'UTC', '')
    """
    while name not in names() and name in _links():
        name = _links()[name]
    if name in UTC_ITSELF:
        return UTC
    return name if name in names() else ""


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices grouped by region: [("Asia", [("Asia/Aden", "Aden"), …]), …]."""
    regions = groupby(sorted(names() - {UTC}), key=lambda name: name.partition("/")[0])
    return [(UTC, [(UTC, UTC)])] + [(region, list(_labelled(group))) for region, group in regions]


def _labelled(group: Iterator[str]) -> Iterator[tuple[str, str]]:
    for name in group:
        yield name, name.partition("/")[2].replace("_", " ").replace("/", " / ")
