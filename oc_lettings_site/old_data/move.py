"""Move the rows of the monolith's three tables to those of lettings and profiles, and back."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from .problems import refuse, stray_rows
from .references import move_content_type
from .schema import (
    OLD_APP,
    TABLES,
    SchemaFunction,
    continue_after,
    existing_tables,
    last_id,
    rows,
    run_deferred_sql,
)


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Carry rows, numbering and references over; the monolith's tables are gone afterwards.

    Raise CommandError if both versions of a table have rows that differ.
    """
    connection = schema_editor.connection
    refuse(stray_rows(connection))
    existing = existing_tables(connection)
    left = [table for table in TABLES if table.old in existing]
    highest = {table: last_id(connection, table.old) for table in left}
    for table in left:
        if not rows(connection, f"SELECT id FROM {table.new} LIMIT 1"):
            _copy(schema_editor, table.columns, table.old, table.new)
    connection.check_constraints()
    for name in ("Letting", "Address", "Profile"):
        old = apps.get_model(OLD_APP, name)
        if old._meta.db_table in existing:
            schema_editor.delete_model(old)
    for table in TABLES:
        continue_after(connection, table.new, highest.get(table, 0))
        move_content_type(connection, table.model, OLD_APP, table.app)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the monolith's tables again and move rows, numbering and references back."""
    connection = schema_editor.connection
    for table in TABLES:
        schema_editor.create_model(apps.get_model(OLD_APP, table.model))
    run_deferred_sql(schema_editor)
    for table in TABLES:
        _copy(schema_editor, table.columns, table.new, table.old)
        continue_after(connection, table.old, last_id(connection, table.new))
        move_content_type(connection, table.model, table.app, OLD_APP)
    for table in reversed(TABLES):
        schema_editor.execute(f"DELETE FROM {table.new}")
    connection.check_constraints()


def references_back(app: str) -> SchemaFunction:
    """Return the way back of the app's first migration.

    While its tables were empty again, Django may have given them content types again.
    """

    def references_back(schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in TABLES:
            if table.app == app:
                move_content_type(schema_editor.connection, table.model, app, OLD_APP)

    return references_back


def _copy(schema_editor: BaseDatabaseSchemaEditor, columns: str, source: str, target: str) -> None:
    schema_editor.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {source}")
