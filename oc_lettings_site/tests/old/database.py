"""What the tests do to an old database, and what they see in it."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from core.databases import sqlite_options

FOLDER = Path(__file__).parent / "dumps"
DUMPS = ["monolith", "awkward", "split", "split_unfinished"]
OURS = ("lettings_", "profiles_", "oc_lettings_site_")


class OldDatabase:
    """A scratch database, which Django knows by its alias."""

    def __init__(self, engine: str, folder: Path, origin: OldDatabase | None) -> None:
        self.alias = f"old_{uuid.uuid4().hex}"
        if origin:
            origin.connection.close()
        if engine == "sqlite":
            path = folder / f"{self.alias}.sqlite3"
            path.touch()
            if origin:
                shutil.copy(origin.connection.settings_dict["NAME"], path)
            settings = {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(path),
                "OPTIONS": sqlite_options(),
            }
        else:
            with connection.cursor() as cursor:
                template = f"TEMPLATE {origin.alias}" if origin else ""
                cursor.execute(f"CREATE DATABASE {self.alias} {template}")
            # A pool would keep connections, and a database in use can't be dropped.
            options = {**connection.settings_dict["OPTIONS"], "pool": False}
            settings = {**connection.settings_dict, "NAME": self.alias, "OPTIONS": options}
        connections.settings.update(
            connections.configure_settings(
                {"default": connection.settings_dict, self.alias: settings}
            )
        )
        self.connection = connections[self.alias]

    def drop(self) -> None:
        """Drop the database (pytest takes SQLite's files away) and forget the alias."""
        self.connection.close()
        if self.connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")  # it waits for a checkpoint
                cursor.execute(f"DROP DATABASE {self.alias} WITH (FORCE)")
                cursor.execute("RESET statement_timeout")
        del connections[self.alias]
        del connections.settings[self.alias]

    @property
    def url(self) -> str:
        """Its DATABASE_URL."""
        settings = self.connection.settings_dict
        if self.connection.vendor == "sqlite":
            return f"sqlite:///{settings['NAME']}"
        where = f"{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
        return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{where}"

    def load(self, dump: str) -> None:
        """Fill it from a dump."""
        if self.connection.vendor == "sqlite":
            raw = sqlite3.connect(self.connection.settings_dict["NAME"])
            raw.executescript((FOLDER / f"{dump}.sqlite.sql").read_text())
            raw.close()
        else:
            with self.connection.cursor() as cursor:
                cursor.execute((FOLDER / f"{dump}.postgres.sql").read_text())
            self.connection.close()  # the dump turns the search path off

    def migrate(self, *arguments: str) -> None:
        """Run ``manage.py migrate``, and count its statements."""
        self.statements = 0
        with self.connection.execute_wrapper(self._count):
            call_command(
                "migrate", *arguments, database=self.alias, interactive=False, verbosity=0
            )

    def _count(self, execute: Any, *arguments: Any) -> Any:
        self.statements += 1
        return execute(*arguments)

    def rows(self, sql: str, *parameters: Any) -> list[tuple]:
        """Return the rows that a query finds."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def column(self, sql: str) -> list[Any]:
        """Return the first column of what a query finds."""
        return [row[0] for row in self.rows(sql)]

    def tables(self) -> list[str]:
        """Return the names of all tables."""
        with self.connection.cursor() as cursor:
            return sorted(self.connection.introspection.table_names(cursor))

    def contents(self) -> dict[str, list[tuple]]:
        """Return every row of every table, but for when each migration ran."""
        contents = {name: self.rows(f'SELECT * FROM "{name}"') for name in self.tables()}
        contents["django_migrations"] = self.rows("SELECT app, name FROM django_migrations")
        return {name: sorted(rows, key=repr) for name, rows in contents.items()}

    def schema(self) -> list[tuple]:
        """Return the names of all tables, and all about those of our apps."""
        if self.connection.vendor == "sqlite":
            about = self.rows("SELECT type, name, tbl_name, sql FROM sqlite_master")
        else:
            about = self.rows(
                "SELECT 'column', column_name, table_name, concat_ws(' ', "
                # Not ordinal_position, which counts columns that were dropped.
                "row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), "
                "data_type, character_maximum_length, is_nullable, column_default, is_identity) "
                "FROM information_schema.columns WHERE table_schema = 'public' "
                "UNION ALL SELECT 'constraint', conname, conrelid::regclass::text, "
                "pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0 "
                "UNION ALL SELECT 'index', indexname, tablename, indexdef FROM pg_indexes "
                "UNION ALL SELECT 'sequence', sequencename, sequencename, data_type::text "
                "FROM pg_sequences"
            )
        return sorted(
            [row for row in about if row[2].startswith(OURS)]
            + [("table", name) for name in self.tables()],
            key=repr,
        )
