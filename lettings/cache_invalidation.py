"""Write to a letting that no public page shows, without emptying the page cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core import pagecache

from .models import Letting


@contextmanager
def keep_pages_if_private(letting: Letting) -> Iterator[None]:
    """Run the block without emptying the page cache if the letting is private.

    Call it in a transaction. The letting's row stays locked until its end: who publishes the
    letting waits for that, and then empties the cache. The block writes to nothing but this
    letting, its address, its pictures and its draft, and does not set ``published_at``.
    """
    if is_private(letting):
        with pagecache.keep_pages():
            yield
    else:
        yield


def is_private(letting: Letting) -> bool:
    """Lock a letting; return whether no public page can show it until the transaction ends.

    A letting that is to be published later is not private: its moment may pass before the commit,
    and a page be cached in between. Neither is one that was deleted, or whose address changed.
    """
    if not letting.pk:
        return letting.published_at is None and not letting.address_id
    row = Letting.objects.select_for_update().filter(pk=letting.pk)
    return row.values_list("published_at", "address").first() == (None, letting.address_id)
