"""The apps' names in .circleci/config.yml: the only change that the sources need."""

from __future__ import annotations

import re
from pathlib import Path

CONFIG = Path(__file__).parents[2] / ".circleci" / "config.yml"


def renamed(text: str, names: dict[str, str]) -> str:
    """Return the YAML with these apps; raise ValueError if it names none."""
    for variable, app in names.items():
        text, count = re.subn(rf"^( *{variable}: *)\S+$", rf"\g<1>{app}", text, flags=re.MULTILINE)
        if not count:
            raise ValueError(variable)
    return text
