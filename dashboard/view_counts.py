"""Counts how often a letting's page is shown: in memory, and written down twice a minute.

No page waits for a write, nobody is followed: a count has a letting and a day, and no visitor. A
process that is killed loses what it counted in the last half minute; one that is asked to stop
writes it down first. What a cache between us and a visitor serves is not seen: with a CDN, at most
one view in 10 seconds and place of the CDN (pagecache.entries.CACHE_CONTROL).
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.urls import reverse
from django.utils.translation import override

logger = logging.getLogger(__name__)

EVERY = 30.0  # seconds
# Those that say what they are; the others count as people.
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|http-?client", re.I)
ADD = """
    INSERT INTO dashboard_dailyviews (letting_id, day, views) VALUES (%s, %s, %s)
    ON CONFLICT (letting_id, day) DO UPDATE SET views = dashboard_dailyviews.views + excluded.views
"""

Environ = dict[str, Any]
Counts = Counter[tuple[int, date]]


class Views:
    """Counts of this process that are not yet written down."""

    def __init__(self) -> None:
        self._counts: Counts = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, letting_id: int) -> None:
        """Count one view today; about a microsecond."""
        with self._lock:
            self._counts[letting_id, datetime.now(UTC).date()] += 1
            if self._timer is None:
                self._timer = threading.Timer(EVERY, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write down what was counted. Never raises: what can't be written waits for the next."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, Counter(), None
        if not counts:
            return
        close_old_connections()
        try:
            _write(counts)
        except DatabaseError as error:
            logger.warning("views of %s lettings wait: %s", len(counts), error)
            with self._lock:
                self._counts += counts
        finally:
            close_old_connections()


def _write(counts: Counts) -> None:
    """Add the counts to their days; those of lettings that are gone by now are dropped."""
    from lettings.models import Letting

    wanted = {letting_id for letting_id, _ in counts}
    there = set(Letting.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    rows = [(pk, day, views) for (pk, day), views in sorted(counts.items()) if pk in there]
    # All or none, since all are tried again; and in one order everywhere, so that two processes
    # never wait for each other crosswise.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(ADD, rows)


views = Views()
atexit.register(views.write)


@cache
def letting_page() -> re.Pattern[str]:
    """Return what the path of a letting's page looks like in any language; group 1 is its id."""
    starts = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            starts.append(re.escape(reverse("lettings:letting", args=[0]).removesuffix("0/")))
    return re.compile(rf"(?:{'|'.join(starts)})([0-9]{{1,18}})/\Z")


class CountViews:
    """WSGI middleware around the page cache: counts the letting's pages that were shown."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = letting_page().match(environ.get("PATH_INFO", ""))
        if page is None or not _is_a_look(environ):
            return self.application(environ, start_response)

        def start(status: str, *rest: Any) -> Any:
            if status[:3] in ("200", "304"):
                views.add(int(page[1]))
            return start_response(status, *rest)

        return self.application(environ, start)


def _is_a_look(environ: Environ) -> bool:
    """Tell a visitor's request from a robot's, and from a browser's that fetches ahead."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "prefetch" not in environ.get("HTTP_SEC_PURPOSE", "")
        and not ROBOTS.search(environ.get("HTTP_USER_AGENT", "robot"))
    )
