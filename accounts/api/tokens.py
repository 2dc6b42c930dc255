"""API tokens: create, look up, revoke."""

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

# Variables that hold a token are named secret or token, so that Sentry's scrubber blanks them even
# if SENTRY_SEND_PII is set.

# By the prefix, secret scanners recognise a leaked token. The checksum at the end tells it from
# an invented one, for which the database is not asked.
SHAPE = re.compile(r"ocl_([0-9a-f]{64})([0-9a-f]{8})")
# People read the time of last use and need no minutes: one write an hour, not one a request.
NOTE_EVERY = timedelta(hours=1)


def make(
    user: User, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Create a token; return its row and its text, which is not stored."""
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
    """Return the token and its user; None if it is wrong or expired, or the user is inactive.

    Takes one query, and once an hour another.
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
    """Return the token of a request: ``Authorization: Bearer ocl_…``."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return find(secret.strip()) if scheme.lower() == "bearer" else None


class TokenRevokingValidator:
    """A password validator that accepts any password, and revokes the tokens after a change.

    Django calls ``password_changed`` wherever a password is changed (the site's pages, the
    admin, the shell), but not when it only upgrades the hash.
    https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#writing-your-own-validator
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Accept any password."""

    def get_help_text(self) -> str:
        """Return what a new password does to tokens."""
        return _("Changing your password revokes your API tokens.")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Revoke the user's tokens."""
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
    """Return the SHA-256 digest; it is enough, because nobody can guess 256 random bits.

    Slow hashes are for passwords, which people choose. Looking the row up by its digest is safe
    from timing attacks: a sender can't choose how the digest of a text begins.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(token: str) -> str:
    return f"{zlib.crc32(token.encode()):08x}"
