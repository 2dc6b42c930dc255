"""Scratch databases that begin as one of the dumps, on the engine that DATABASE_URL names."""

from __future__ import annotations

import contextlib
import functools

import pytest
from django.db import connection

from .database import OldDatabase


@pytest.fixture(scope="session")
def make(django_db_setup, django_db_blocker, tmp_path_factory):
    """A function that makes a scratch database, as a copy of another if one is given."""
    folder = tmp_path_factory.mktemp("old")
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:

        def make(origin: OldDatabase | None = None) -> OldDatabase:
            database = OldDatabase(connection.vendor, folder, origin)
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
