"""Put a sent form's values into a new form, so that no typed text is lost with a refusal.

In an outage, after a sign-out in another tab, and on a page that is not theirs any more, people
find what they typed on the error page, and can send it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

# Longer texts, and those of several lines, are shown, so that they can also be copied.
SHORT = 80  # characters
TOKEN = "csrfmiddlewaretoken"
# Of a sign-in's second step or a mail, and of a security key: secret, or too old to be sent again.
ONE_TIME = {"code", "credential"}


@dataclass
class KeptForm:
    """A form to send again: its URL, and pairs of name and value."""

    action: str
    has_files: bool
    hidden: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def has_something_typed(self) -> bool:
        """Return whether anything would be lost: more than the CSRF token, or a file."""
        sent = [value for name, value in self.hidden if name != TOKEN and value.strip()]
        return bool(sent or self.texts or self.files)


def keep(request: HttpRequest) -> KeptForm | None:
    """Return the sent form without passwords, codes and files, which have to be entered again.

    Return None if it is empty, unreadable, or perhaps from another site's form (it has not
    passed the CSRF middleware).
    """
    return _read(request) if getattr(request, "csrf_processing_done", False) else None


def keep_with_new_token(request: HttpRequest) -> KeptForm | None:
    """Return the form as ``keep`` does, with a CSRF token of now; None if nothing was typed.

    It may have failed the CSRF check, since its token is of another session. A form that another
    site sent must not be offered to be sent again: it would only take a click.
    """
    if not getattr(request, "csrf_processing_done", False) and _is_from_elsewhere(request):
        return None
    kept = _read(request)
    if kept is None or not kept.has_something_typed():
        return None
    kept.hidden = [(name, value) for name, value in kept.hidden if name != TOKEN]
    kept.hidden.append((TOKEN, get_token(request)))
    return kept


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Return whether another site may have sent the form.

    Browsers name the origin of a POST (https://fetch.spec.whatwg.org/#origin-header). Where none
    of these headers came, a cookie of ours is the proof: it is SameSite=Lax, so that no browser
    sends it with another site's form
    (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6.7.1).
    """
    ours = f"{request.scheme}://{request.get_host()}"
    origin, referrer = request.headers.get("Origin"), request.headers.get("Referer")
    site = request.headers.get("Sec-Fetch-Site")
    said = [(origin, origin == ours), (site, site == "same-origin")]
    said.append((referrer, str(referrer).startswith(f"{ours}/")))
    known = [is_ours for header, is_ours in said if header is not None]
    cookies = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    return not all(known) if known else not cookies & request.COOKIES.keys()


def _read(request: HttpRequest) -> KeptForm | None:
    if request.method != "POST":
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
    if name in ONE_TIME:
        return
    if "password" in name:
        kept.passwords.append(name)
    elif len(value) > SHORT or "\n" in value:
        kept.texts.append((name, value))
    else:
        kept.hidden.append((name, value))
