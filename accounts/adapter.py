"""The adapter for django-allauth: where this site differs from it."""

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
from core.web.hosts import without_foreign_port
from core.web.errors import too_many_requests
from profiles import names
from profiles.models import Profile
from profiles.recipients import writing_to

from . import mail_limits, passwords, sign_in_limits


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own, but for confirmed addresses, counted passwords, and the language of mails."""

    def get_login_stages(self) -> list[str]:
        """Return allauth's stages of a sign-in, with this site's for the confirmation."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "accounts.sign_in_stages.NewcomerStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count nothing here: axes counts passwords, and the site itself answers a lockout."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose password it is, or None, for each form that asks for one."""
        user = super().authenticate(request, **credentials)
        if user:
            sign_in_limits.was_right(request, credentials)
        return user

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return a new name as Django stores it; raise ValidationError if it is taken or invalid.

        It is taken if another differs from it by capitals, accents or width alone.
        """
        name = super().clean_username(User.normalize_username(username), shallow)
        if not shallow and names.is_taken(name):
            raise self.validation_error("username_taken")
        return name

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return a new password in its normal form; raise ValidationError if it is too weak."""
        return super().clean_password(passwords.normal(password), user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; IPv4 as such, even if the server writes it as IPv6.

        allauth counts IPv6 addresses by their network, so that all of IPv4 would be one client.
        """
        written = super().get_client_ip(request)
        with suppress(ValueError):
            address = ip_address(written)
            return str(getattr(address, "ipv4_mapped", None) or address)
        return written

    def format_email_subject(self, subject: str) -> str:
        """Return the subject with the site's name."""
        return _("Orange County Lettings: %(subject)s") % {"subject": subject}

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send a link to choose a new password, a few times a day.

        For an address without an account (forms.ResetPasswordForm), do all slow work but send
        nothing. Otherwise the response time would reveal whether an account exists.
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
        """Send a link that confirms an address, a few times a day; tell signed-in users."""
        address = kwargs.get("emailconfirmation", args[0] if args else None).email_address
        seconds = mail_limits.wait_to_confirm(address, request)
        if not seconds:
            super().send_confirmation_mail(request, *args, **kwargs)
        elif request.user.is_authenticated:
            raise ImmediateHttpResponse(too_many_requests(seconds))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Send the mail that this address has an account already, a few times a day at most."""
        if not mail_limits.wait_for_stranger(email):
            super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail into the outbox."""
        self._message(template_prefix, email, context).send()

    def _message(self, template_prefix: str, email: str, context: dict[str, Any]) -> EmailMessage:
        """Return the mail in the language and time zone of the address's owner, links included.

        For an address without an owner, use the language of the page.
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
    """Receive allauth's ``password_reset``: opening the link confirms the address.

    The link went to the user's only address, if they gave no other. Two users of the site of
    2021 may share one: it is confirmed for the first, and both can sign in.
    """
    addresses = EmailAddress.objects.filter(user=user)
    if addresses.exclude(email__iexact=user.email).exists():
        return
    defaults = {"verified": True, "primary": True}
    # The unique constraint decides, also when two reset their passwords at once.
    with suppress(IntegrityError), transaction.atomic():
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults=defaults
        )


def lower_address(instance: User, **kwargs: object) -> None:
    """Receive ``pre_save`` of the user model: store the address in lower case.

    allauth looks addresses up in lower case. A user whose address has a capital, as staff may
    type it, could neither sign in by it nor reset a password.
    """
    instance.email = (instance.email or "").lower()
