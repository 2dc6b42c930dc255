"""Where this site differs from django-allauth's ways."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own, but for who has to confirm an address."""

    def get_login_stages(self) -> list[str]:
        """Give allauth's stages of a sign-in, with ours for the confirmation."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "accounts.stages.NewcomerStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]


def confirm_by_recovery(user: User, **kwargs: object) -> None:
    """Receive allauth's ``password_reset``: who opened the link reads what is sent there.

    The link can have gone to no other address than the user's, if they gave no other.
    """
    addresses = EmailAddress.objects.filter(user=user)
    if not addresses.exclude(email__iexact=user.email).exists():
        defaults = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults=defaults
        )


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Give the account that a sign-in names, whichever way, for axes to count by."""
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login", "")
    return str(name).lower()
