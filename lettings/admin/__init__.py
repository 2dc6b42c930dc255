"""The admin of lettings, which Django looks for here."""

from . import letting  # noqa: F401 (registers what it shows)
