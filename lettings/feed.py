"""What is new from the hosts that somebody follows.

It costs one look into an index for each host they follow, and a fixed number of rows after that:
neither the number of lettings nor of anybody's followers matters. Sorting all lettings of all
those hosts would cost as much as there are; writing each new letting into the feed of each
follower would make publishing cost as much as the host is loved.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from heapq import nlargest
from operator import or_

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from profiles.models import Follow, Profile

from .models import Letting

LENGTH = 24


def newest(follower: Profile, now: datetime, length: int = LENGTH) -> QuerySet[Letting]:
    """Give the newest public lettings of the hosts they follow, latest first."""
    hosts = _latest_hosts(follower, now, length)
    if not hosts:
        return Letting.objects.none()
    bounded = Letting.objects.published(now).filter(_no_older_than(hosts, now, length))
    # Sorted here and not by the database, which would walk through everybody's lettings, latest
    # first, in the hope to meet theirs soon.
    found = nlargest(length, bounded.values_list("published_at", "pk"))
    return Letting.objects.filter(pk__in=[pk for _, pk in found]).newest()


def _latest_hosts(follower: Profile, now: datetime, length: int) -> list[int]:
    """Give the hosts who published last: nobody else's letting can be among the newest."""
    follows = Follow.objects.filter(follower=follower).annotate(latest=_nth(0, now))
    rows = follows.order_by(F("latest").desc(nulls_last=True), "pk")[:length]
    return [host for host, latest in rows.values_list("host", "latest") if latest is not None]


def _no_older_than(hosts: list[int], now: datetime, length: int) -> Q:
    """Keep of each host the newest so many, so that one with thousands costs no more."""
    lasts = Profile.objects.filter(pk__in=hosts).annotate(last=_nth(length - 1, now, "pk"))
    return reduce(
        or_,
        (
            Q(host=host) if last is None else Q(host=host, published_at__gte=last)
            for host, last in lasts.values_list("pk", "last")
        ),
    )


def _nth(place: int, now: datetime, host: str = "host") -> Subquery:
    """Give the moment of the letting at that place, from the newest, of the outer row's host."""
    lettings = Letting.objects.published(now).filter(host=OuterRef(host)).newest()
    return Subquery(lettings.values("published_at")[place : place + 1])
