"""What a page says, whatever its layout."""

from __future__ import annotations

import re

from django.http import HttpResponse


def folded(response: HttpResponse) -> str:
    """Return the page on one line, without white space at the edges of elements and of tags."""
    page = re.sub(r"[ \t\n]+", " ", response.content.decode())
    page = page.replace(" >", ">").replace(" </", "</")
    return re.sub(r"(<[^/][^<>]*>) ", r"\1", page)
