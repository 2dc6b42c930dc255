"""Update references to a content type: permissions, their holders, the admin's log."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def move_content_type(
    connection: BaseDatabaseWrapper, model: str, old_app: str, new_app: str
) -> None:
    """Make the content type of ``old_app`` that of ``new_app``.

    If both exist, the first made stays, and what refers to the other is repointed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM django_content_type WHERE model = %s AND app_label IN (%s, %s) "
            "ORDER BY id",
            [model, old_app, new_app],
        )
        kept, *others = [key for (key,) in cursor.fetchall()] or [None]
        for other in others:
            merge(connection, "django_content_type", other, kept)
        cursor.execute(
            "UPDATE django_content_type SET app_label = %s WHERE id = %s", [new_app, kept]
        )


def merge(connection: BaseDatabaseWrapper, table: str, old: Any, new: Any) -> None:
    """Let every row that refers to ``old`` refer to ``new``, and delete ``old``.

    ``old`` and ``new`` are primary keys of the table. A referring row that would then repeat
    another (the same permission for the same user, say) is merged into that one likewise.
    """
    with connection.cursor() as cursor:
        for referrer, column in _referrers(connection, table):
            for row, twin in _twins(connection, referrer, column, old, new):
                merge(connection, referrer, row, twin)
            cursor.execute(
                f'UPDATE "{referrer}" SET "{column}" = %s WHERE "{column}" = %s', [new, old]
            )
        key = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" = %s', [old])


def _referrers(connection: BaseDatabaseWrapper, table: str) -> list[tuple[str, str]]:
    """Return each table and column with a foreign key to the table."""
    with connection.cursor() as cursor:
        return [
            (referrer, column)
            for referrer in connection.introspection.table_names(cursor)
            for column, relation in connection.introspection.get_relations(
                cursor, referrer
            ).items()
            if relation[1] == table
        ]


def _twins(
    connection: BaseDatabaseWrapper, table: str, column: str, old: Any, new: Any
) -> list[tuple[Any, Any]]:
    """Return the rows with ``old`` in the column that differ only by it from a row with ``new``.

    Each comes as its primary key and that of the other row. Only columns that must be unique
    together with this one count.
    """
    found = {}
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        for constraint in connection.introspection.get_constraints(cursor, table).values():
            together = constraint["columns"]
            if not constraint["unique"] or column not in together:
                continue
            same = "".join(f' AND a."{name}" = b."{name}"' for name in together if name != column)
            cursor.execute(
                f'SELECT a."{key}", b."{key}" FROM "{table}" a, "{table}" b '
                f'WHERE a."{column}" = %s AND b."{column}" = %s{same}',
                [old, new],
            )
            found.update(cursor.fetchall())
    return list(found.items())
