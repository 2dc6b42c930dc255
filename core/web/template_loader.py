"""Load templates without the indentation that the formatter gives them."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import app_directories

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(app_directories.Loader):
    """Django's loader of the apps' templates, with lines of HTML that begin in the first column.

    A browser shows white space as one space, and indentation would be a tenth of what it is sent.
    Lines stay lines: a debug page names the line of the file.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the template's text; that of a mail (.txt) as it was written."""
        text = super().get_contents(origin)
        return INDENTATION.sub("", text) if origin.name.endswith(".html") else text
