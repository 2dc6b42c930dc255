"""Search over title, description, city and state: whole words, ranked, a typo forgiven.

The only code that knows which database it is. ``postgresql`` and ``sqlite`` have the same names:
TABLES and DROP make and remove what is ours; TRIGGERS on the tables of lettings and addresses keep
it current whoever writes, REBUILD makes it anew; ``matching``, ``score`` and ``near_words`` ask.
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from types import ModuleType

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet
from django.db.utils import ProgrammingError

from ..places import STATES, in_english
from . import postgresql, sqlite
from .words import correctable, nearest, words_of

__all__ = ["correct", "create", "keep", "matching", "rebuild", "remove", "words_of"]


def matching(lettings: QuerySet, text: str, *, narrowed: bool = False) -> QuerySet:
    """Keep the lettings in which every word occurs, with a ``score`` (int) to order them by.

    narrowed: another filter leaves few lettings, which an index finds.
    """
    backend = backend_of(connections[lettings.db])
    # The index has states in English; "Virginie" may be one, or a name in a title.
    readings = [words_of(each) for each in dict.fromkeys([text, in_english(text)])]
    conditions = [Q(backend.matching(words, narrowed=narrowed)) for words in readings]
    score = reduce(add, map(backend.score, readings))
    return lettings.filter(reduce(or_, conditions)).annotate(score=score)


def correct(text: str, using: str = "default") -> dict[str, str]:
    """Give the word that was probably meant for each one that no letting has; one query."""
    unknown = correctable(words_of(in_english(text)))
    if not unknown:
        return {}
    connection = connections[using]
    near: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(*backend_of(connection).near_words(unknown))
        for word, known in cursor.fetchall():
            near.setdefault(word, []).append(known)
    meant = {word: nearest(word, known) for word, known in near.items()}
    return {word: known for word, known in meant.items() if known}


def backend_of(connection: BaseDatabaseWrapper) -> ModuleType:
    """Give the module that speaks this database's language."""
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the tables of the index, empty; ``keep`` puts the triggers on and fills them."""
    if connection.vendor == "postgresql":
        _create_extension(connection)
    rows = ", ".join(f"('{code}', '{name}')" for code, name in STATES.items())
    _run(
        connection,
        [
            "CREATE TABLE lettings_state (code varchar(2) PRIMARY KEY, name varchar(30) NOT NULL)",
            f"INSERT INTO lettings_state VALUES {rows}",
            *backend_of(connection).TABLES,
        ],
    )


def _create_extension(connection: BaseDatabaseWrapper) -> None:
    try:
        with transaction.atomic(using=connection.alias):
            _run(connection, [f"CREATE EXTENSION IF NOT EXISTS {postgresql.EXTENSION}"])
    except ProgrammingError as error:
        name = connection.settings_dict["NAME"]
        raise ProgrammingError(
            f"The search needs PostgreSQL's extension {postgresql.EXTENSION} to forgive typos,"
            f" and this user may not create it ({error}).\nAs an administrator of the server type:"
            f' psql -d {name} -c "CREATE EXTENSION {postgresql.EXTENSION}"'
            "\nthen run migrate again."
        ) from error


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers and the tables away."""
    backend = backend_of(connection)
    drop_states = "DROP TABLE IF EXISTS lettings_state"
    _run(connection, [*backend.DROP_TRIGGERS, *backend.DROP, drop_states])


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from what is in the tables."""
    with transaction.atomic(using=connection.alias):
        _run(connection, backend_of(connection).REBUILD)


def keep(using: str, **kwargs: object) -> None:
    """Receive ``post_migrate``: put the triggers on if they are missing, and catch up.

    On SQLite they go with the old table whenever a migration remakes one.
    """
    connection = connections[using]
    backend = backend_of(connection)
    with connection.cursor() as cursor:
        if "lettings_search" not in connection.introspection.table_names(cursor):
            return
        cursor.execute(backend.COUNT_TRIGGERS)
        if cursor.fetchone()[0] == len(backend.TRIGGERS):
            return
    with transaction.atomic(using=using):
        _run(connection, [*backend.DROP_TRIGGERS, *backend.TRIGGERS])
        rebuild(connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
