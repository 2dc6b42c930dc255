"""Passwords: one text however a keyboard writes it, before it is checked or hashed.

"é" is one character on one keyboard and two on another, and a space may be one that does not
break. NIST asks for a normal form before hashing (https://pages.nist.gov/800-63-4/sp800-63b.html,
3.1.1.2), and RFC 8265 for NFC and one kind of space:
https://www.rfc-editor.org/rfc/rfc8265.html#section-4.2
"""

from __future__ import annotations

from typing import Any
from unicodedata import category, normalize

from django.contrib.auth.hashers import (
    BasePasswordHasher,
    MD5PasswordHasher,
    PBKDF2PasswordHasher,
    check_password,
)
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import MinimumLengthValidator


def normal(password: str) -> str:
    """Return a password's normal form.

    >>> normal("e\\u0301\\u00a0a") == "\\xe9 a"
    True
    """
    if password.isascii():
        return password
    return normalize("NFC", "".join(" " if category(c) == "Zs" else c for c in password))


def forms(password: str | bytes) -> list[str | bytes]:
    """Return the normal form of a password and, if it differs, the password as typed."""
    return list(
        dict.fromkeys([normal(password) if isinstance(password, str) else password, password])
    )


class Normalising:
    """Mixin for a hasher: it hashes the normal form, and knows passwords hashed as typed, too.

    The algorithm keeps its name: a password of ASCII has the hash that it always had, and another
    release can check it. ``plain`` is Django's hasher.
    """

    plain: BasePasswordHasher

    def encode(self, password: str | bytes, salt: str, *cost: Any) -> str:
        """Return the hash; takes as long as ``verify``, or the time would tell who is known."""
        return [self.plain.encode(form, salt, *cost) for form in forms(password)][0]

    def verify(self, password: str | bytes, encoded: str) -> bool:
        """Return whether the hash is that of the normal form, or of the password as typed."""
        return any([self.plain.verify(form, encoded) for form in forms(password)])


class Hasher(Normalising, PBKDF2PasswordHasher):
    """Django's hasher of normal forms."""

    plain = PBKDF2PasswordHasher()


class QuickHasher(Normalising, MD5PasswordHasher):
    """The same for tests, where a slow hash is no use."""

    plain = MD5PasswordHasher()


class LengthValidator(MinimumLengthValidator):
    """Django's, which counts the characters of the normal form."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if the password is too short."""
        super().validate(normal(password), user)


def renew(user: User, password: str) -> None:
    """Hash the normal form of a right password that was hashed as it was typed.

    Call it before the session begins: a new hash ends the user's sessions.
    """
    if password != normal(password) and not check_password(normal(password), user.password):
        user.set_password(password)
        user.save(update_fields=["password"])
