"""How Sphinx builds these pages: bin/docs."""

import os
import sys
from pathlib import Path

import django

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")
django.setup()

from tools.architecture import drawing  # noqa: E402 (the path to it is set above)

# Made anew with every build, and not committed: it changes with every import.
(root / "docs" / "architecture.svg").write_text(drawing())

project = "Orange County Lettings"
copyright = "2026, Orange County Lettings contributors"
html_title = project
html_theme = "furo"
html_static_path = []
exclude_patterns = ["_build"]
extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 3
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "description"
# What overrides something of Django is documented there, in a form that is not ours.
autodoc_inherit_docstrings = False

# Types of other projects that the signatures name: their pages are on the internet, and this
# build works without it.
nitpick_ignore_regex = [("py:.*", r"(?!core|oc_lettings_site|lettings|profiles).*")]
