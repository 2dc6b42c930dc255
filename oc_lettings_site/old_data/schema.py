"""The monolith's tables and where they go, and what Django's schema editor leaves to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

SchemaFunction = Callable[[BaseDatabaseSchemaEditor], None]

OLD_APP = "oc_lettings_site"


@dataclass(frozen=True)
class Table:
    """A table of the monolith, the app that has it now, and the columns that both have."""

    model: str
    app: str
    fields: tuple[str, ...]

    @property
    def old(self) -> str:
        """Its name in the monolith."""
        return f"{OLD_APP}_{self.model}"

    @property
    def new(self) -> str:
        """Its name since the first split."""
        return f"{self.app}_{self.model}"

    @property
    def columns(self) -> str:
        """The columns as SQL."""
        return ", ".join(self.fields)


# In the order in which rows can be inserted.
TABLES = (
    Table(
        "address",
        "lettings",
        ("id", "number", "street", "city", "state", "zip_code", "country_iso_code"),
    ),
    Table("letting", "lettings", ("id", "title", "address_id")),
    Table("profile", "profiles", ("id", "favorite_city", "user_id")),
)


class Step(Operation):
    """Calls a function with the schema editor, forwards and backwards.

    It is RunPython without the historical models, which take longer to build than a table.
    """

    reversible = True

    def __init__(self, forwards: SchemaFunction | None, backwards: SchemaFunction | None) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Call the function for the way forward."""
        if self.forwards:
            self.forwards(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Call the function for the way back."""
        if self.backwards:
            self.backwards(schema_editor)

    def describe(self) -> str:
        """Say what it does, for ``migrate --plan``."""
        function = self.forwards or self.backwards
        return function.__name__.replace("_", " ").capitalize()


def run_deferred_sql(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create now the indexes and foreign keys that wait for the end of the migration.

    As the last operation it makes a migration and its record one transaction: with statements
    left over, Django commits first and records after, and a process killed between the two
    leaves a migration that can't be run again.
    """
    while schema_editor.deferred_sql:
        schema_editor.execute(schema_editor.deferred_sql.pop(0), None)


def note_numbers(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remember how far the ids have come, for keep_numbers at the end of the same migration."""
    connection = schema_editor.connection
    schema_editor.numbers = {table.new: last_id(connection, table.new) for table in TABLES}


def keep_numbers(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Don't give the ids of deleted rows out again, though SQLite has rebuilt the tables."""
    for name, highest in schema_editor.numbers.items():
        continue_after(schema_editor.connection, name, highest)


def existing_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the names of the tables that the database has."""
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def rows(connection: BaseDatabaseWrapper, sql: str) -> list[tuple]:
    """Return the rows that the query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def last_id(connection: BaseDatabaseWrapper, table: str) -> int:
    """Return the highest id that the table has or had (0 for none)."""
    highest = rows(connection, f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0]
    if connection.vendor == "sqlite":
        counted = rows(connection, f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")
    else:
        sequence = _sequence(connection, table)
        counted = sequence and rows(
            connection, f"SELECT last_value FROM {sequence} WHERE is_called"
        )
    return max(highest, counted[0][0] if counted else 0)


def continue_after(connection: BaseDatabaseWrapper, table: str, highest: int) -> None:
    """Let the next row of the table get an id above ``highest``, and above those it has.

    On PostgreSQL a serial column of Django 3.0 becomes an identity column on the way, which is
    what Django makes since 4.1.
    """
    highest = max(highest, last_id(connection, table))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, highest])
            return
        cursor.execute(
            "SELECT attidentity FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = 'id'",
            [table],
        )
        if not cursor.fetchone()[0]:
            sequence = _sequence(connection, table)
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id DROP DEFAULT")
            if sequence:
                cursor.execute(f"DROP SEQUENCE {sequence}")
            cursor.execute(
                f"ALTER TABLE {table} ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY"
            )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, %s)",
            [table, max(highest, 1), highest > 0],
        )


def _sequence(connection: BaseDatabaseWrapper, table: str) -> str | None:
    return rows(connection, f"SELECT pg_get_serial_sequence('{table}', 'id')")[0][0]
