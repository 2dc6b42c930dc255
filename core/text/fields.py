"""The column of a compared form."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .compared import compared


class ComparedField(models.CharField):
    """The compared form of another text of the row, in the same order on every database.

    of: the path to that text ("user.username"). A row is saved with its form, also by
    ``bulk_create``; who changes the text alone sets this column to the new form.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"null": True, "editable": False} | kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what a migration writes to make the field again."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """Return the type of the column; it is ordered by code points, as SQLite always does."""
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found

    def pre_save(self, instance: models.Model, add: bool) -> str | None:
        """Return the form, computed if the row has none yet."""
        found = getattr(instance, self.attname)
        if found is None and add:
            text: Any = instance
            for name in self.of.split("."):
                text = getattr(text, name)
            found = compared(text)[: self.max_length]
            setattr(instance, self.attname, found)
        return found
