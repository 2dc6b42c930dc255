"""The admin of lettings. Django imports this package by name."""

from . import host, letting  # noqa: F401 (registers the pages)
