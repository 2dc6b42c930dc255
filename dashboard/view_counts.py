"""Count the views of each letting's page: in memory, saved twice a minute.

No page waits for a write, and nobody is tracked: a count has a letting and a day, and no visitor.
A process that is killed loses the counts of the last half minute; one that is stopped saves them
first. Views that a proxy cache serves are not counted: with a CDN, at most one view in 10 seconds
for each location of the CDN is counted (pagecache.entries.CACHE_CONTROL).
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
# Robots that name themselves; others count as people.
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|http-?client", re.I)
ADD = """
    INSERT INTO dashboard_dailyviews (letting_id, day, views) VALUES (%s, %s, %s)
    ON CONFLICT (letting_id, day) DO UPDATE SET views = dashboard_dailyviews.views + excluded.views
"""

Environ = dict[str, Any]
Counts = Counter[tuple[int, date]]


class Views:
    """The counts of this process that are not saved yet."""

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
        """Save the counts. Never raise: what can't be saved waits for the next time."""
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
    """Add the counts to their days; drop those of deleted lettings."""
    from lettings.models import Letting

    wanted = {letting_id for letting_id, _ in counts}
    there = set(Letting.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    rows = [(pk, day, views) for (pk, day), views in sorted(counts.items()) if pk in there]
    # All or none, because all are retried; and always in the same order, so that two processes
    # can't deadlock.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(ADD, rows)


views = Views()
atexit.register(views.write)


@cache
def letting_page() -> re.Pattern[str]:
    """Return the pattern of a letting's page in any language; group 1 is its id."""
    starts = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            starts.append(re.escape(reverse("lettings:letting", args=[0]).removesuffix("0/")))
    return re.compile(rf"(?:{'|'.join(starts)})([0-9]{{1,18}})/\Z")


class CountViews:
    """WSGI middleware around the page cache: count the views of letting pages."""

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
    """Return whether a request is a visitor's, and neither a robot's nor a browser's prefetch."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "prefetch" not in environ.get("HTTP_SEC_PURPOSE", "")
        and not ROBOTS.search(environ.get("HTTP_USER_AGENT", "robot"))
    )
