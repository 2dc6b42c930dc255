"""The admin of lettings. Django imports this package by name."""

from . import letting  # noqa: F401 (registers the pages)
