"""Cache public pages in memory, and drop them as soon as their data has changed.

``public_page`` marks a view; ``wsgi.PageCache`` serves cached pages before Django runs; ``watch``
names the models that the pages show; ``generation`` returns a token of the public data's state,
which changes with every write; ``empty`` is for writes that Django doesn't see, and ``keep_pages``
for writes to rows that no public page shows.
"""

from .invalidation import empty, generation
from .writes import keep_pages, watch
from .wsgi import public_page

__all__ = ["empty", "generation", "public_page", "keep_pages", "watch"]
