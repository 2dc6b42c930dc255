"""Notice every write of Django to the tables that public pages show.

A wrapper around each statement (https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/)
sees the admin, the shell, bulk updates, migrations and raw cursors alike, where signals would miss
``QuerySet.update``. Writes by psql and COPY are missed: the page cache's time limit covers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .current import empty

_watched: dict[str, frozenset[str]] = {}
_READS = re.compile(
    r"\s*(SELECT|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA|SET)\b", re.I
)
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.I)
_UPDATE = re.compile(r'\s*UPDATE\s+"?(\w+)"?\s+SET\s+(.+?)(?:\s+WHERE\s|$)', re.I | re.S)
_COLUMN = re.compile(r'(?:^|,)\s*"?(\w+)"?\s*=\s*%s\s*(?=,|$)')
_tables = re.compile(r"(?!)")


def watch(*models: type[Model], ignoring: tuple[str, ...] = ()) -> None:
    """Register models that public pages show; call it in ``AppConfig.ready``.

    An UPDATE of nothing but the columns in ``ignoring`` doesn't count: a sign-in writes
    ``last_login``, which no page shows.
    """
    global _tables
    for model in models:
        _watched[model._meta.db_table] = frozenset(ignoring)
    _tables = re.compile(r"\b(%s)\b" % "|".join(map(re.escape, _watched)), re.I)


def changes_public_data(sql: str) -> bool:
    """Return whether a statement may write to a watched table; if unsure, return True."""
    if _READS.match(sql) and ";" not in sql.rstrip("; \n"):
        return False
    if sql.lstrip()[:4].upper() == "WITH" and not _WRITES.search(sql):
        return False
    return bool(_tables.search(sql)) and not _sets_only_ignored(sql)


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
    try:
        return execute(sql, params, many, context)
    finally:
        # Also after an error: in autocommit, executemany may have written some of its rows.
        if changes_public_data(_text(sql)):
            _empty_after_commit(context["connection"])


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
