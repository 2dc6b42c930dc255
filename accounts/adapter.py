"""Where this site differs from django-allauth's ways."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.utils import build_absolute_uri
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from background.mail import keep
from core.web.addresses import without_foreign_port
from core.web.errors import too_many_requests
from profiles.models import Profile
from profiles.readers import writing_to

from . import mail_limits


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own, but for who has to confirm an address, who counts, and the words of mails."""

    def get_login_stages(self) -> list[str]:
        """Give allauth's stages of a sign-in, with ours for the confirmation."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "accounts.sign_in_stages.NewcomerStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count no password: axes does, and its answer to one too many is the site's own."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of whoever asks; of IPv4 as such, however the server writes it.

        allauth counts addresses of IPv6 by their network, and all of IPv4 would be one.
        """
        written = super().get_client_ip(request)
        with suppress(ValueError):
            address = ip_address(written)
            return str(getattr(address, "ipv4_mapped", None) or address)
        return written

    def format_email_subject(self, subject: str) -> str:
        """Say whose mail it is."""
        return _("Orange County Lettings: %(subject)s") % {"subject": subject}

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send a link to a new password, a few times a day.

        For an address that nobody has (forms.ResetPasswordForm), do all that takes time, and send
        nothing: how long it takes would tell whether the address is known.
        """
        if mail_limits.wait_for_reset(email, user):
            return
        message = self._message("account/email/password_reset_key", email, context)
        with transaction.atomic():
            if user._state.adding:
                keep(message).delete()
            else:
                message.send()

    def send_confirmation_mail(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Send a link that confirms an address, a few times a day; who is signed in is told."""
        email = kwargs.get("emailconfirmation", args[0] if args else None).email_address.email
        seconds = mail_limits.wait_for_confirmation(email, request)
        if not seconds:
            super().send_confirmation_mail(request, *args, **kwargs)
        elif request.user.is_authenticated:
            raise ImmediateHttpResponse(too_many_requests(seconds))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell somebody that their address has an account, a few times a day."""
        if not mail_limits.wait_for_confirmation(email, self.request):
            super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write it into the outbox."""
        self._message(template_prefix, email, context).send()

    def _message(self, template_prefix: str, email: str, context: dict[str, Any]) -> EmailMessage:
        """Write in the language and time zone of whose address it is, and link to pages of theirs.

        To an address that nobody has, in that of the page.
        """
        user = context.get("user") or next(iter(filter_users_by_email(email)), None)
        reader = Profile.objects.filter(user_id=user.pk).first() if user else None
        language = reader.language if reader else get_language()
        links = {
            name: translate_url(without_foreign_port(value), language)
            for name, value in context.items()
            if name.endswith("_url")
        }
        with writing_to(reader, language):
            home = build_absolute_uri(None, reverse("index"))
            links["home_url"] = without_foreign_port(home)
            return self.render_mail(template_prefix, email, context | links | {"email": email})


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
