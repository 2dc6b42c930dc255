"""Scratch databases that begin as one of the dumps, on each engine that the tests run on."""

from __future__ import annotations

import contextlib
import functools

import pytest
from django.conf import settings

from .database import OldDatabase

# SQLite always, PostgreSQL when DATABASE_URL says so.
ENGINES = ["sqlite"]
if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
    ENGINES.append("postgresql")


@pytest.fixture(scope="session", params=ENGINES)
def make(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """A function that makes a scratch database, as a copy of another if one is given."""
    folder = tmp_path_factory.mktemp("old")
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:

        def make(origin: OldDatabase | None = None) -> OldDatabase:
            database = OldDatabase(request.param, folder, origin)
            stack.callback(database.drop)
            return database

        yield make


@pytest.fixture(scope="session")
def old(make):
    """A function that gives the database made from a dump, for tests that leave it as it is."""

    @functools.cache
    def old(dump: str) -> OldDatabase:
        database = make()
        database.load(dump)
        return database

    return old


@pytest.fixture(scope="session")
def upgraded(make, old):
    """The same after ``migrate``; without a dump, a new database."""

    @functools.cache
    def upgraded(dump: str = "") -> OldDatabase:
        database = make(old(dump) if dump else None)
        database.migrate()
        return database

    return upgraded
