"""Notice every write of Django to the tables that public pages show.

A wrapper around each statement (https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/)
sees the admin, the shell, bulk updates, migrations and raw cursors alike, where signals would miss
``QuerySet.update``. Writes by psql and COPY are missed: the page cache's time limit covers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .invalidation import empty

_watched: dict[str, frozenset[str]] = {}
_READS = re.compile(
    r"\s*(SELECT|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|SET)\b", re.I
)
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.I)
# SQLite's UPDATE OR IGNORE names its table elsewhere.
_TARGET = re.compile(
    r'\s*(?:UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(?!(?:OR|ONLY)\b)(?:"?\w+"?\.)?"?(\w+)"?', re.I
)
_UPDATE = re.compile(r'\s*UPDATE\s+"?(\w+)"?\s+SET\s+(.+?)(?:\s+WHERE\s|$)', re.I | re.S)
_COLUMN = re.compile(r'(?:^|,)\s*"?(\w+)"?\s*=\s*%s\s*(?=,|$)')
# Of these alone rowcount is known as soon as they have run; of INSERT ... RETURNING on SQLite it
# is only once the rows are fetched: https://docs.python.org/3/library/sqlite3.html#sqlite3.Cursor
_COUNTED = re.compile(r"\s*(UPDATE|DELETE)\b(?!.*(\bRETURNING\b|;\s*\S))", re.I | re.S)
_tables = re.compile(r"(?!)")
_kept: ContextVar[bool] = ContextVar("keep_pages", default=False)


def watch(*models: type[Model], ignoring: tuple[str, ...] = ()) -> None:
    """Register models that public pages show; call it in ``AppConfig.ready``.

    An UPDATE of nothing but the columns in ``ignoring`` doesn't count: a sign-in writes
    ``last_login``, which no page shows.
    """
    global _tables
    for model in models:
        _watched[model._meta.db_table] = frozenset(ignoring)
    _tables = re.compile(r"\b(%s)\b" % "|".join(map(re.escape, _watched)), re.I)


@contextmanager
def keep_pages(using: str | None = None) -> Iterator[None]:
    """Don't empty the cache for the writes of the block, which no public page shows.

    The caller holds the locks that keep this true until the commit. Who makes a row public after
    that empties the cache. Raise TransactionManagementError outside of a transaction: functions
    for after the commit would run inside the block.
    """
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("keep_pages() needs a transaction.")
    token = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(token)


def changes_public_data(sql: str) -> bool:
    """Return whether a statement may write to a watched table; if unsure, return True."""
    is_one = ";" not in sql.rstrip("; \n")
    if is_one and _READS.match(sql):
        return False
    if sql.lstrip()[:4].upper() == "WITH" and not _WRITES.search(sql):
        return False
    if not _tables.search(sql) or is_one and _writes_elsewhere(sql):
        return False
    return not _sets_only_ignored(sql)


def _writes_elsewhere(sql: str) -> bool:
    """Return whether the one table that is written is none of ours, which are only asked."""
    target = _TARGET.match(sql)
    if not target or _WRITES.search(sql, target.end()):
        return False
    return not _tables.fullmatch(target[1])


def _sets_only_ignored(sql: str) -> bool:
    update = _UPDATE.match(sql)
    if not update:
        return False
    ignored = _watched.get(update[1], frozenset())
    rest = _COLUMN.sub(lambda column: "" if column[1] in ignored else column[0], update[2])
    return not rest.strip()


class _Batch:
    """The writes of one transaction: they empty the cache once, after the commit."""

    done = False

    def empty_once(self) -> None:
        if not self.done:
            self.done = True
            empty()


_batches: WeakKeyDictionary[BaseDatabaseWrapper, _Batch] = WeakKeyDictionary()


def see_writes(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run the statement; if it may change what pages show, empty the cache after the commit."""
    changed_nothing = _kept.get()
    try:
        result = execute(sql, params, many, context)
        changed_nothing = changed_nothing or not many and _met_no_row(sql, context["cursor"])
        return result
    finally:
        # Also after an error: in autocommit, executemany may have written some of its rows.
        if not changed_nothing and changes_public_data(_text(sql)):
            _empty_after_commit(context["connection"])


def _met_no_row(sql: Any, cursor: Any) -> bool:
    """Return whether a plain UPDATE or DELETE that has run found nothing to change."""
    return cursor.rowcount == 0 and bool(_COUNTED.match(_text(sql)))


def _text(sql: Any) -> str:
    """Return a statement as text; psycopg also accepts bytes and composed statements."""
    if isinstance(sql, str):
        return sql
    return sql.decode() if isinstance(sql, bytes) else sql.as_string(None)


def _empty_after_commit(connection: BaseDatabaseWrapper) -> None:
    if connection.in_atomic_block:
        batch = _batches.get(connection)
        if batch is None or batch.done:
            batch = _batches[connection] = _Batch()
        transaction.on_commit(batch.empty_once, using=connection.alias, robust=True)
    else:
        empty()
