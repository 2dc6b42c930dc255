"""Put a sent form's values into a new form, so that no typed text is lost in an outage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

# Longer texts, and those of several lines, are shown, so that they can also be copied.
SHORT = 80  # characters


@dataclass
class KeptForm:
    """A form to send again: its URL, and pairs of name and value."""

    action: str
    has_files: bool
    hidden: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def keep(request: HttpRequest) -> KeptForm | None:
    """Return the sent form without passwords and files, which have to be entered again.

    Return None if it is empty, unreadable, or perhaps from another site's form (it has not
    passed the CSRF middleware).
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # reading the form may be what failed
        return None
    kept = KeptForm(request.get_full_path(), request.content_type == "multipart/form-data")
    for name, values in sent.lists():
        for value in values:
            _add(kept, name, value)
    kept.files = [*dict.fromkeys([*files, *getattr(request, "files_without_room", [])])]
    return kept


def _add(kept: KeptForm, name: str, value: Any) -> None:
    if "password" in name:
        kept.passwords.append(name)
    elif len(value) > SHORT or "\n" in value:
        kept.texts.append((name, value))
    else:
        kept.hidden.append((name, value))
