"""The jobs of accounts: what is missing is made, and what is over forgotten."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from background.jobs import for_each, job
from profiles.models import Profile

from . import personal_data
from .api.idempotency import KEPT_FOR
from .models import KeptAnswer

# The link in the mail works for three days (ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS).
UNCONFIRMED_FOR = timedelta(days=7)


@job(every=timedelta(hours=1))
def make_missing_profiles() -> None:
    """Make the profiles of users that came without: in a fixture, or by ``bulk_create``.

    Pages count on everyone's having one, and would fail for them.
    """
    for_each(
        User.objects.filter(profile=None),
        lambda user: Profile.objects.get_or_create(user=user),
    )


@job(at=time(3, 40))
def forget() -> None:
    """Forget answers that nobody may repeat any more, and who signed up and confirmed nothing.

    Their names are free again, and an address that somebody else gave is not kept. Nor is from
    where somebody signed in, once that is over: allauth forgets it when they come again, if ever.
    One who can't be forgotten holds up nobody else: the job fails at its end, by the first error.
    """
    now = timezone.now()
    KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    ended.filter(created_at__lt=now - timedelta(days=1)).delete()
    for_each(list(_strangers(now).values_list("pk", flat=True)), lambda pk: _forget(pk, now))


def _strangers(now: datetime) -> QuerySet[User]:
    """Return who signed up long enough ago, and has confirmed nothing."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        date_joined__lt=now - UNCONFIRMED_FOR,
        # Nobody who has one of these is a stranger, whatever the rest says.
        profile__lettings=None,
        profile__enquiries_received=None,
        profile__enquiries_written=None,
    )


@transaction.atomic
def _forget(pk: int, now: datetime) -> None:
    """Forget one, unless they have confirmed their address meanwhile: till the end nobody can."""
    list(EmailAddress.objects.filter(user=pk).select_for_update())
    for user in _strangers(now).filter(pk=pk).select_for_update(of=("self",)):
        personal_data.erase(user)
