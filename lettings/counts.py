"""How many rows there are: counted once, until the data changes."""

from __future__ import annotations

from django.db.models import QuerySet


def remembered_count(rows: QuerySet, name: str) -> int:
    """Give the number of rows; ``name`` tells these rows from all others."""
    return rows.count()
