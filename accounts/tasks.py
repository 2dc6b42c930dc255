"""The jobs of accounts: create missing profiles, delete expired data."""

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
from core import retention
from profiles import names

from . import personal_data
from .models import KeptAnswer


@job(every=timedelta(minutes=1))
def make_missing_profiles() -> None:
    """Create the profiles of users without one, made by a fixture or ``bulk_create``.

    Pages expect every user to have a profile, and would fail. Fill in how names are compared where
    an older release, which still ran, left it empty.
    """
    names.keep()
    for_each(
        User.objects.filter(profile=None),
        names.make_profile,
    )


@job(at=time(3, 40))
def forget() -> None:
    """Delete expired idempotent answers, ended sessions, and users who confirmed no address.

    The users' names become free again, and an address given by somebody else is not kept.
    allauth deletes the row of an ended session (with its network address) only at the next
    sign-in, if ever. A failure does not stop the others; at its end the job fails with the
    first error.
    """
    now = timezone.now()
    KeptAnswer.objects.filter(created_at__lt=now - retention.IDEMPOTENT_ANSWER).delete()
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    ended.filter(created_at__lt=now - retention.ENDED_SIGN_IN).delete()
    for_each(list(_strangers(now).values_list("pk", flat=True)), lambda pk: _forget(pk, now))


def _strangers(now: datetime) -> QuerySet[User]:
    """Return users who signed up long enough ago and have confirmed no address."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        date_joined__lt=now - retention.UNCONFIRMED_ACCOUNT,
        # A user who has one of these is kept, whatever the other conditions say.
        profile__lettings=None,
        profile__enquiries_received=None,
        profile__enquiries_written=None,
    )


@transaction.atomic
def _forget(pk: int, now: datetime) -> None:
    """Delete a user, unless the address was confirmed meanwhile; lock it until the commit."""
    list(EmailAddress.objects.filter(user=pk).select_for_update())
    for user in _strangers(now).filter(pk=pk).select_for_update(of=("self",)):
        personal_data.erase(user)
