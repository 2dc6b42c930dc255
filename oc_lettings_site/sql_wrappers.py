"""What looks at every SQL statement of every connection."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from core.observability.request_log import count_queries
from core.pagecache.writes import see_writes


def wrap(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receive ``connection_created``: put our wrappers around that connection's statements.

    https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/
    """
    for wrapper in (count_queries, see_writes):
        if wrapper not in connection.execute_wrappers:
            # First in the list, so that a `with connection.execute_wrapper(...)` that is under
            # way takes its own wrapper away at its end, which is the last, and not one of these.
            connection.execute_wrappers.insert(0, wrapper)
