"""Install the wrappers around every SQL statement of every connection."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from core.observability.request_log import count_queries
from core.pagecache.writes import see_writes
from lettings.search.upkeep import see_writes as search_sees_writes


def wrap(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receive ``connection_created``: put our wrappers around that connection's statements.

    https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/
    """
    for wrapper in (search_sees_writes, count_queries, see_writes):
        if wrapper not in connection.execute_wrappers:
            # First in the list: a running `with connection.execute_wrapper(...)` removes the last
            # wrapper when it ends, which must be its own and not one of these.
            connection.execute_wrappers.insert(0, wrapper)
