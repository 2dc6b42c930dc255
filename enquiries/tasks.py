"""The jobs of enquiries."""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from background.jobs import for_each, job
from profiles.models import Profile
from profiles.recipients import writing_to

from .by_mail import inbox, mailbox
from .models import Enquiry, today_somewhere

PATIENCE = timedelta(hours=20)


# 15:00 UTC is morning from California to New York.
@job(at=time(15, 0))
def remind_hosts() -> None:
    """Remind each host, in one mail and once for each, of enquiries waiting since yesterday.

    A host who can't be mailed, such as one with an invalid address of the site of 2021, does
    not stop the others; at its end the job fails with the first error.
    """
    waiting = Enquiry.objects.filter(
        state=Enquiry.State.NEW,
        reminded_at=None,
        created_at__lt=timezone.now() - PATIENCE,
        host__isnull=False,
    ).exclude(
        guest=None, guest_email=""
    )  # the guest's account is deleted: no answer would reach them
    hosts = Profile.objects.filter(pk__in=waiting.values("host")).select_related("user")
    for_each(hosts.order_by("pk"), lambda host: _remind(host, waiting.filter(host=host)))


@transaction.atomic
def _remind(host: Profile, waiting: QuerySet[Enquiry]) -> None:
    """Mark them as reminded and write the mail in one transaction, so that a rerun finds none."""
    keys = list(waiting.select_for_update().values_list("pk", flat=True))
    enquiries = Enquiry.objects.filter(pk__in=keys).order_by("pk")
    if not enquiries.update(reminded_at=timezone.now()) or not host.user.email:
        return
    with writing_to(host):
        body = render_to_string("enquiries/mail/reminder.txt", {"enquiries": enquiries})
        EmailMessage(_("Guests wait for your answer"), body, None, [host.user.email]).send()


@job(at=time(3, 20))
def close_what_is_past() -> None:
    """Close enquiries whose day of departure has passed without a booking."""
    past = Enquiry.objects.filter(state__in=Enquiry.OPEN, leave__lt=today_somewhere())
    past.update(state=Enquiry.State.CLOSED, changed_at=timezone.now())


# Less than a minute: the clock's own delay would otherwise skip every other minute.
@job(every=timedelta(seconds=50))
def take_answers_in() -> None:
    """Pass on the answers that came by mail, if the site has a mailbox for them."""
    if settings.MAIL_WAY_IN:
        with mailbox.opened(settings.MAIL_WAY_IN) as opened:
            inbox.collect(opened)
