"""The module for each kind of database."""

from __future__ import annotations

from types import ModuleType

from django.db.backends.base.base import BaseDatabaseWrapper

from . import postgresql, sqlite


def backend_of(connection: BaseDatabaseWrapper) -> ModuleType:
    """Return the module for this kind of database."""
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]
