"""All personal data of a user: export and deletion."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms import model_to_dict

import enquiries.personal_data
import lettings.personal_data
from background.models import Mail

from .sign_in_limits import names_of

# Each has collect(profile), files(profile) and erase(profile).
APPS = (lettings.personal_data, enquiries.personal_data)


def collect(user: User) -> dict[str, Any]:
    """Return all of it, without secrets (password, keys): text, numbers and dates, by section."""
    profile = user.profile
    collected: dict[str, Any] = {
        "account": {
            name: getattr(user, name)
            for name in ("username", "first_name", "last_name", "email", "date_joined")
        }
        | {"last_sign_in": user.last_login},
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at")
        ),
        "failed_sign_ins": list(
            _attempts(user).values(
                "ip_address", "user_agent", "attempt_time", "failures_since_start"
            )
        ),
        # Without the body: it may hold a link that opens the account.
        "mail": list(_mail(user).values("subject", "state", "created_at", "sent_at")),
        "api_tokens": list(
            user.api_tokens.values("name", "scopes", "created_at", "expires_at", "last_used_at")
        ),
        "profile": model_to_dict(profile, ["favorite_city", "about", "language", "time_zone"])
        | {"picture": profile.picture.name},
    }
    for app in APPS:
        collected |= app.collect(profile)
    return collected


def archive(user: User) -> IO[bytes]:
    """Return an open ZIP file: ``data.json``, and each picture under its name there."""
    file = TemporaryFile()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        text = json.dumps(collect(user), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        zipped.writestr("data.json", text)
        for name in _files(user):
            try:
                with default_storage.open(name) as picture:
                    zipped.writestr(name, picture.read())
            except FileNotFoundError:  # data.json still names it
                continue
    file.seek(0)
    return file


@transaction.atomic
def erase(user: User) -> None:
    """Delete the user and all data that is theirs alone; end all their sessions."""
    for app in APPS:
        app.erase(user.profile)
    for session in UserSession.objects.filter(user=user):
        session.end()
    _attempts(user).delete()
    _mail(user).delete()
    user.delete()


def _attempts(user: User) -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(username__in=names_of(user))


def _mail(user: User) -> QuerySet[Mail]:
    """Return the mails to them alone, delivered or not."""
    of_theirs = Q(pk__in=[])
    for address in _addresses(user):
        # As it was typed, perhaps with capitals.
        of_theirs |= Q(recipients__0__iexact=address, recipients__1__isnull=True)
    return Mail.objects.filter(of_theirs).order_by("pk")


def _addresses(user: User) -> set[str]:
    """Return the addresses that are surely theirs, and nobody else's.

    Anybody can give another's address, at sign-up or as a new one: mails to that other person
    must stay. A user who has signed in before has confirmed theirs, or is of the site of 2021.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    own = set(confirmed.values_list("email", flat=True)) | (
        {user.email} if user.last_login else set()
    )
    others = User.objects.exclude(pk=user.pk)
    return {address for address in own if not others.filter(email__iexact=address).exists()}


def _files(user: User) -> Iterator[str]:
    if user.profile.picture:
        yield user.profile.picture.name
    for app in APPS:
        yield from app.files(user.profile)
