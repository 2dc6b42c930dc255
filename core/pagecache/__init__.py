"""Public pages, kept in memory and forgotten as soon as what they show has changed.

``public_page`` marks a view; ``wsgi.PageCache`` serves what it kept before Django runs; ``watch``
says which models the pages show; ``generation`` names the state of the public data, and changes
with every write to it; ``empty`` is for writes that Django doesn't see.
"""

from .current import empty, generation
from .pages import public_page
from .writes import watch

__all__ = ["empty", "generation", "public_page", "watch"]
