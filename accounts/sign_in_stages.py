"""The stage of a sign-in that differs from django-allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class NewcomerStage(EmailVerificationStage):
    """Require a confirmed address only from users who signed up here and never signed in.

    Users of the site of 2021 have none, and who has signed in before has confirmed one: neither
    is locked out.
    """

    def handle(self) -> tuple[Any, bool]:
        """Return a response that stops the sign-in, or None; and whether to go on."""
        user = self.login.user  # None: a sign-up with a known address, which must not be revealed
        if user and (user.last_login or not EmailAddress.objects.filter(user=user).exists()):
            return None, True
        return super().handle()
