"""Where this site differs from django-allauth's ways."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.utils import build_absolute_uri
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own, but for who has to confirm an address, who counts, and the words of mails."""

    def get_login_stages(self) -> list[str]:
        """Give allauth's stages of a sign-in, with ours for the confirmation."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "accounts.stages.NewcomerStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count no password: axes does, and its answer to one too many is the site's own."""

    def format_email_subject(self, subject: str) -> str:
        """Say whose mail it is."""
        return _("Orange County Lettings: %(subject)s") % {"subject": subject}

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of whose address it is, and link to pages of that language.

        To an address that nobody has, in that of the page.
        """
        user = context.get("user") or next(iter(filter_users_by_email(email)), None)
        language = user.profile.language if user else get_language()
        links = {
            name: translate_url(value, language)
            for name, value in context.items()
            if name.endswith("_url")
        }
        with override(language):
            home = build_absolute_uri(None, reverse("index"))
            super().send_mail(template_prefix, email, context | links | {"home_url": home})


def confirm_by_recovery(user: User, **kwargs: object) -> None:
    """Receive allauth's ``password_reset``: who opened the link reads what is sent there.

    The link can have gone to no other address than the user's, if they gave no other. Two people
    of the site of 2021 may share one: it is confirmed for who is first, and both come in.
    """
    addresses = EmailAddress.objects.filter(user=user)
    if addresses.exclude(email__iexact=user.email).exists():
        return
    defaults = {"verified": True, "primary": True}
    # The rule of the database decides, for two who recover at once too.
    with suppress(IntegrityError), transaction.atomic():
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults=defaults
        )


def lower_address(instance: User, **kwargs: object) -> None:
    """Receive ``pre_save`` of the user model: allauth looks for addresses in small letters.

    One with a capital, as staff may write it, would neither sign in nor recover a password.
    """
    instance.email = (instance.email or "").lower()
