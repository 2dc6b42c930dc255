"""The feed: new lettings of the hosts that a user follows.

Each page costs one index look-up per followed host and a fixed number of rows. The number of
lettings or followers does not matter. To sort all lettings of those hosts would cost more with
each letting. To write each new letting into the feed of each follower would make publishing
slow for hosts with many followers.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from heapq import nlargest
from operator import or_

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from core.keyset import RowCompare
from core.web.paging import PAGE_SIZE
from profiles.models import Follow, Profile

from ..models import Letting
from .orders import ORDERS

NEWEST = ORDERS["newest"]


def page(follower: Profile, now: datetime, mark: str = "") -> tuple[list[Letting], str]:
    """Return a page of cards, and the mark of the next page ("" at the end).

    The page begins at the newest, or after ``mark``; raise ValueError for an invalid mark.
    """
    rows = newest(follower, now, PAGE_SIZE + 1, mark).for_cards().select_related("host__user")
    return NEWEST.cut(list(rows), PAGE_SIZE)


def newest(
    follower: Profile, now: datetime, length: int = PAGE_SIZE, mark: str = ""
) -> QuerySet[Letting]:
    """Return the newest public lettings of the followed hosts, or those older than the mark."""
    lettings = _public(now, mark)
    hosts = _latest_hosts(follower, lettings, length)
    if not hosts:
        return Letting.objects.none()
    bounded = lettings.filter(_no_older_than(hosts, lettings, length)).order_by()
    # Sorted here: the database would read all hosts' lettings, latest first, and hope to
    # meet those of the followed hosts soon.
    found = nlargest(length, bounded.values_list("published_at", "pk"))
    return lettings.filter(pk__in=[pk for _, pk in found])


def _public(now: datetime, mark: str) -> QuerySet[Letting]:
    lettings = Letting.objects.published(now)
    return NEWEST.beyond(lettings, NEWEST.place(mark)) if mark else NEWEST.apply(lettings)


def _latest_hosts(follower: Profile, lettings: QuerySet[Letting], length: int) -> list[int]:
    """Return the hosts who published last; no other host's letting can be on the page."""
    latest_first = F("latest").desc(nulls_last=True)
    follows = Follow.objects.filter(follower=follower).annotate(latest=_nth(0, lettings))
    found = follows.order_by(latest_first).values_list("host", "latest")[: length + 1]
    if len(found) > length and found[length - 1][1] == found[length][1] is not None:
        # All lettings of the old site have the same moment. The id decides, for one more
        # look-up per host.
        follows = follows.annotate(latest_pk=_nth(0, lettings, column="pk"))
        found = follows.order_by(latest_first, "-latest_pk").values_list("host", "latest")
    return [host for host, latest in found[:length] if latest is not None]


def _no_older_than(hosts: list[int], lettings: QuerySet[Letting], length: int) -> Q:
    """Return at most ``length`` of each host's newest, so that thousands cost no more."""
    lasts = Profile.objects.filter(pk__in=hosts).annotate(
        last=_nth(length - 1, lettings, host="pk"),
        last_pk=_nth(length - 1, lettings, host="pk", column="pk"),
    )
    return reduce(
        or_,
        (
            # Not by the moment alone: lettings that staff publish together have the same one.
            (
                Q(host=host)
                if last is None
                else Q(RowCompare(["published_at", "id"], ">", [last, last_pk - 1]), host=host)
            )
            for host, last, last_pk in lasts.values_list("pk", "last", "last_pk")
        ),
    )


def _nth(
    place: int, lettings: QuerySet[Letting], host: str = "host", column: str = "published_at"
) -> Subquery:
    """Return a column of the outer host's letting at that position, counted from the newest."""
    return Subquery(lettings.filter(host=OuterRef(host)).values(column)[place : place + 1])
