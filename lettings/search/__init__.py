"""Search in title, description, city and state: whole words, ranked, typos corrected; places.

Only this package depends on the kind of database. ``postgresql`` and ``sqlite`` have the same
names: ``install`` creates the index's tables, and triggers on the tables of lettings and addresses
that note whoever writes; ``is_current`` compares the database with these statements; ``store``
puts words into the index; ``matching``, ``score`` and ``near_words`` query it. Texts are compared
and divided into words by Python (``words``, ``upkeep``), the same for every database.

No migration creates the index. Its statements are in this package, and ``keep`` applies them
after every ``migrate``, so that a change reaches databases that exist already.
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.utils import ProgrammingError

from ..places import in_english, meanings
from . import postgresql
from .statements import run
from .upkeep import MADE_BY, backend_of, learn, read_all
from .words import correctable, nearest, words_of

__all__ = ["correct", "in_place", "keep", "learn", "matching", "rebuild", "remove", "words_of"]


def matching(lettings: QuerySet, text: str, *, narrowed: bool = False) -> QuerySet:
    """Return the lettings in which every word occurs, with a ``score`` (int) to order them by.

    narrowed: whether another filter, which has an index, leaves few lettings.
    """
    backend = backend_of(connections[lettings.db])
    # The index has states in English; "Virginie" may be a state, or a name in a title.
    readings = [words_of(each) for each in dict.fromkeys([text, in_english(text)])]
    conditions = [Q(backend.matching(words, narrowed=narrowed)) for words in readings]
    score = reduce(add, map(backend.score, readings))
    return lettings.filter(reduce(or_, conditions)).annotate(score=score)


def correct(text: str, using: str = "default") -> dict[str, str]:
    """Return the probable correction of each word that no letting has; takes one query."""
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


def in_place(lettings: QuerySet, text: str) -> QuerySet:
    """Return the lettings in a city, a state, or a city of a state, however its name is typed."""
    conditions, params = [], []
    for city, state in meanings(text):
        columns = {"city": city, "state": state}
        given = {name: value for name, value in columns.items() if value}
        conditions.append("(" + " AND ".join(f"{name} = %s" for name in given) + ")")
        params += given.values()
    if not conditions:
        return lettings.none()
    sql = backend_of(connections[lettings.db]).IN_PLACE + " OR ".join(conditions)
    return lettings.filter(pk__in=RawSQL(sql, params))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers and the tables."""
    run(connection, backend_of(connection).REMOVE)


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Fill the index anew from the tables of lettings and addresses."""
    backend = backend_of(connection)
    with transaction.atomic(using=connection.alias):
        run(connection, backend.EMPTY)
        read_all(connection)
        run(connection, backend.FILLED)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM lettings_search_made")
            cursor.execute("INSERT INTO lettings_search_made (by) VALUES (%s)", [MADE_BY])


def keep(using: str, **kwargs: object) -> None:
    """Receive ``post_migrate``: install and fill the index if it is missing or out of date.

    A release may change the index; and on SQLite a migration that remakes a table drops its
    triggers.
    """
    connection = connections[using]
    backend = backend_of(connection)
    if not _is_wanted(connection) or (
        backend.is_current(connection) and _is_made_by_this_code(connection)
    ):
        return
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            _create_extension(connection)
        backend.install(connection)
        rebuild(connection)


def _is_wanted(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the tables of lettings exist, as of the migration that began the search."""
    with connection.cursor() as cursor:
        if "lettings_letting" not in connection.introspection.table_names(cursor):
            return False
    applied = {
        name
        for app, name in MigrationRecorder(connection).applied_migrations()
        if app == "lettings"
    }
    # No migration at all: a test made the tables from the models.
    return not applied or "0003_search_and_orders" in applied


def _create_extension(connection: BaseDatabaseWrapper) -> None:
    try:
        with transaction.atomic(using=connection.alias):
            run(connection, [f"CREATE EXTENSION IF NOT EXISTS {postgresql.EXTENSION}"])
    except ProgrammingError as error:
        name = connection.settings_dict["NAME"]
        raise ProgrammingError(
            f"The search needs PostgreSQL's extension {postgresql.EXTENSION} to forgive typos,"
            f" and this user may not create it ({error}).\nAs an administrator of the server type:"
            f' psql -d {name} -c "CREATE EXTENSION {postgresql.EXTENSION}"'
            "\nthen run migrate again."
        ) from error


def _is_made_by_this_code(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT by FROM lettings_search_made")
        return cursor.fetchall() == [(MADE_BY,)]
