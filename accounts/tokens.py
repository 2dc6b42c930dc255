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

from .models import ApiToken

# The prefix lets a scanner of repositories know a leaked token by its looks; the checksum at the
# end tells it from a made-up one, and spares us the database's answer to those.
SHAPE = re.compile(r"ocl_([0-9a-f]{64})([0-9a-f]{8})")
# When it was last used is for people, who need no minute: one write an hour, not one a request.
NOTE_EVERY = timedelta(hours=1)


def make(
    user: User, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token; give its row and its text, which can't be had again."""
    secret = secrets.token_hex(32)
    text = f"ocl_{secret}{_checksum(secret)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=list(scopes),
        expires_at=expires_at,
        digest=_digest(text),
        ending=text[-4:],
    )
    return token, text


def find(text: str, now: datetime | None = None) -> ApiToken | None:
    """Give the token of that text, with its user; None if it is wrong, over, or its user away.

    One query; one more an hour.
    """
    shaped = SHAPE.fullmatch(text)
    if not shaped or shaped[2] != _checksum(shaped[1]):
        return None
    now = now or timezone.now()
    usable = ApiToken.objects.filter(user__is_active=True, expires_at__gt=now)
    token = usable.select_related("user").filter(digest=_digest(text)).first()
    if token is not None:
        _note_use(token, now)
    return token


def authenticate(request: HttpRequest) -> ApiToken | None:
    """Give the token that a request carries: ``Authorization: Bearer ocl_…``."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return find(text.strip()) if scheme.lower() == "bearer" else None


class EndTokens:
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


def _digest(text: str) -> str:
    """SHA-256 is enough: nobody guesses 256 random bits, however fast they can try.

    Slow hashes are for passwords, which people choose. And finding the row by its digest is safe
    from timing: whoever sends a text can't choose what its digest begins with.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(secret: str) -> str:
    return f"{zlib.crc32(secret.encode()):08x}"
