"""What somebody sent with a form, as fields of another: nothing typed is lost in an outage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

# Longer texts, and those of several lines, are shown, so that they can be copied elsewhere too.
SHORT = 80  # characters


@dataclass
class KeptForm:
    """A form to send once more: where to, and what is in it; pairs are of name and value."""

    action: str
    has_files: bool
    hidden: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def keep(request: HttpRequest) -> KeptForm | None:
    """Return what was sent, without passwords and files, which have to be given again.

    None where there is nothing, where it can't be read, and where it might come from another
    site's form: the middleware of CSRF has not let it pass.
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # whatever broke may have been the reading of it
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
