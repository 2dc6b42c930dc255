"""Keep the index current: read the words of lettings that wait for it, after every write.

Triggers note each letting that was written or whose address was, whoever wrote
(``lettings_search_waiting``). Its words are made here, by the same Python for every database:
after each statement of Django's, and by a job for what psql or an older release has written.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from core.text import compared

from .. import places
from . import postgresql, sqlite, words
from .statements import Words

logger = logging.getLogger(__name__)
WRITES = re.compile(
    r'\s*(?:INSERT\s+INTO|UPDATE)\s+"?(?:lettings_letting|lettings_address)"?[\s(]', re.I
)
AT_ONCE = 500
LETTINGS = (
    "SELECT letting.id, address_id, title, description, city, state"
    " FROM lettings_letting AS letting"
    " LEFT JOIN lettings_address AS address ON address.id = address_id"
)
# The code that makes words: if it changes, the index is made anew.
MADE_BY = hashlib.sha256(
    "".join(
        [unicodedata.unidata_version]
        + [
            Path(sys.modules[each.__name__].__file__).read_text()
            for each in (compared, words, places)
        ]
    ).encode()
).hexdigest()


def backend_of(connection: BaseDatabaseWrapper) -> ModuleType:
    """Return the module for this kind of database."""
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]


def see_writes(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a statement; if it wrote lettings or addresses, read their words into the index.

    A wrapper around each statement of a connection:
    https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/
    """
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and WRITES.match(sql):
        _learn_of_these(context["connection"], context["cursor"].rowcount)
    return result


def _learn_of_these(connection: BaseDatabaseWrapper, written: int) -> None:
    """Read the latest notes, and not many more than were written: others can wait for the job."""
    try:
        learn(connection, max(written, AT_ONCE))
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        # Without a transaction the lettings are saved, and must not seem to be lost.
        logger.warning("the search reads what was written later", exc_info=True)


def learn(connection: BaseDatabaseWrapper, at_most: int = sys.maxsize) -> int:
    """Read the words of the lettings that wait into the index, the latest first.

    Return the number of notes that were taken; 0 if there is no index yet.
    """
    backend, taken = backend_of(connection), 0
    if not is_there(connection):
        return 0
    while taken < at_most:
        # Without a transaction of its own: SQLite commits none while an INSERT has rows to return.
        # The notes go last, so that a crash leaves them.
        notes = _notes(connection, backend.TAKE)
        _read(connection, sorted({letting for _note, letting in notes}))
        _forget(connection, [note for note, _letting in notes])
        taken += len(notes)
        if len(notes) < AT_ONCE:
            break
    return taken


def is_there(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the index is installed."""
    with connection.cursor() as cursor:
        cursor.execute(backend_of(connection).IS_THERE)
        return cursor.fetchone()[0]


def read_all(connection: BaseDatabaseWrapper) -> None:
    """Read the words of all lettings into an empty index."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"{LETTINGS} WHERE letting.id > %s ORDER BY letting.id LIMIT {AT_ONCE}", [after]
            )
            rows = cursor.fetchall()
        if not rows:
            return
        backend_of(connection).store(connection, [words_in(*row) for row in rows])
        after = rows[-1][0]


def words_in(
    letting_id: int,
    address_id: int | None,
    title: str,
    description: str,
    city: str | None,
    state: str | None,
) -> Words:
    """Return what the index has of a letting; an address may come after its letting."""
    city, state = city or "", state or ""
    place = [*places.spellings(city), state, places.STATES.get(state, "")]
    return Words(
        letting_id,
        address_id,
        words.indexed(title),
        words.indexed(" ".join(place)),
        words.indexed(description),
        places.form_of(city),
        state,
    )


def _notes(connection: BaseDatabaseWrapper, sql: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [AT_ONCE])
        return cursor.fetchall()


def _read(connection: BaseDatabaseWrapper, ids: list[int]) -> None:
    if not ids:
        return
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"{LETTINGS} WHERE letting.id IN ({marks}) ORDER BY letting.id", ids)
        rows = cursor.fetchall()
    backend_of(connection).store(connection, [words_in(*row) for row in rows])


def _forget(connection: BaseDatabaseWrapper, notes: list[int]) -> None:
    if not notes:
        return
    marks = ", ".join(["%s"] * len(notes))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM lettings_search_waiting WHERE id IN ({marks})", notes)
