"""Tokens of the API: made, found again, and ended."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ApiToken

# Variables that hold a token are named so that Sentry's scrubber blanks them (secret, token), even
# where SENTRY_SEND_PII asks for variables.

# The prefix lets a scanner of repositories know a leaked token by its looks; the checksum at the
# end tells it from a made-up one, and spares us the database's answer to those.
SHAPE = re.compile(r"ocl_([0-9a-f]{64})([0-9a-f]{8})")
# When it was last used is for people, who need no minute: one write an hour, not one a request.
NOTE_EVERY = timedelta(hours=1)


def make(
    user: User, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token; give its row and its text, which can't be had again."""
    token = secrets.token_hex(32)
    secret = f"ocl_{token}{_checksum(token)}"
    row = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=list(scopes),
        expires_at=expires_at,
        digest=_digest(secret),
        ending=secret[-4:],
    )
    return row, secret


def find(secret: str, now: datetime | None = None) -> ApiToken | None:
    """Return the token of that text, with its user; None if it is wrong, over, or its user away.

    One query; one more an hour.
    """
    if not _is_shaped(secret):
        return None
    now = now or timezone.now()
    usable = ApiToken.objects.filter(user__is_active=True, expires_at__gt=now)
    found = usable.select_related("user").filter(digest=_digest(secret)).first()
    if found is not None:
        _note_use(found, now)
    return found


def authenticate(request: HttpRequest) -> ApiToken | None:
    """Return the token that a request carries: ``Authorization: Bearer ocl_…``."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return find(secret.strip()) if scheme.lower() == "bearer" else None


class TokenRevokingValidator:
    """A password validator that has no objection: a new password ends the tokens.

    Django calls ``password_changed`` for every way to a new password (the site's pages, the
    admin, the shell), and not when it only hashes the same one anew.
    https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#writing-your-own-validator
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Accept any."""

    def get_help_text(self) -> str:
        """Say what a new password does."""
        return _("A new password ends the tokens that you made for the API.")

    def password_changed(self, password: str, user: Any = None) -> None:
        """End them."""
        if user is not None and user.pk:
            ApiToken.objects.filter(user=user).delete()


def _note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or token.last_used_at < now - NOTE_EVERY:
        old = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTE_EVERY)
        ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now)


def _is_shaped(secret: str) -> bool:
    token = SHAPE.fullmatch(secret)
    return token is not None and token[2] == _checksum(token[1])


def _digest(secret: str) -> str:
    """SHA-256 is enough: nobody guesses 256 random bits, however fast they can try.

    Slow hashes are for passwords, which people choose. And finding the row by its digest is safe
    from timing: whoever sends a text can't choose what its digest begins with.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(token: str) -> str:
    return f"{zlib.crc32(token.encode()):08x}"
