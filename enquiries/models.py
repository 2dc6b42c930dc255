"""Enquiries and their messages.

A database constraint ensures that no night is booked twice: availability.py.
"""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile

# "Anywhere on Earth", as conferences say: the last time zone in which a day ends.
LAST_ZONE = timezone(timedelta(hours=-12))
LINK = Signer(salt="enquiries.guest")


def today_somewhere() -> date:
    """Return the date where a day ends last: at a letting it may still be that day."""
    return now().astimezone(LAST_ZONE).date()


class EnquiryQuerySet(models.QuerySet):
    """Enquiries: by user, and with what a page needs."""

    def involving(self, profile: Profile) -> Self:
        """Return the enquiries in which the profile is guest or host."""
        return self.filter(Q(host=profile) | Q(guest=profile))

    def for_list(self) -> Self:
        """Return them with all that a list shows, the latest first."""
        people = ("letting", "host__user", "guest__user")
        return self.select_related(*people).order_by("-changed_at", "-pk")

    def booked(self, letting_id: int, since: date) -> Self:
        """Return the bookings of a letting that end after that day, in order."""
        booked = self.filter(letting_id=letting_id, state=Enquiry.State.BOOKED)
        return booked.filter(leave__gt=since).order_by("arrive")

    def by_link(self, token: str) -> Self:
        """Return the enquiry of a mail's link; none if this site did not sign the token."""
        try:
            return self.filter(pk=int(LINK.unsign(token)))
        except (BadSignature, ValueError):
            return self.none()


class Enquiry(models.Model):
    """A guest asks for nights in a letting, from the day of arrival to the day of departure.

    It stays readable for one side after the other's account, or the letting, is deleted.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        ANSWERED = "answered", _("answered")
        BOOKED = "booked", _("booked")
        DECLINED = "declined", _("declined")
        CLOSED = "closed", _("closed")

    OPEN = (State.NEW, State.ANSWERED)

    # Foreign keys without automatic indexes: Meta has those that pages need. (A migration that
    # creates indexes last is recorded in a transaction of its own: background/migrations/0001.)
    letting = models.ForeignKey(
        "lettings.Letting",
        on_delete=models.SET_NULL,
        null=True,
        related_name="enquiries",
        verbose_name=_("letting"),
        db_index=False,
    )
    letting_title = models.CharField(_("title"), max_length=256)
    host = models.ForeignKey(
        Profile,
        on_delete=models.SET_NULL,
        null=True,
        related_name="enquiries_received",
        verbose_name=_("host"),
        db_index=False,
    )
    guest = models.ForeignKey(
        Profile,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enquiries_written",
        verbose_name=_("guest"),
        db_index=False,
    )
    guest_name = models.CharField(_("guest's name"), max_length=100)
    guest_email = models.EmailField(_("guest's e-mail"), blank=True)
    guest_confirmed = models.BooleanField(
        _("guest's e-mail confirmed"),
        default=False,
        db_default=False,
        help_text=_("Of a guest without an account: whoever gave the address reads what comes."),
    )
    language = models.CharField(
        _("guest's language"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="en",
        db_default="en",
        help_text=_("Of the page where they wrote; who has an account chooses it there."),
    )
    arrive = models.DateField(_("arrival"))
    leave = models.DateField(_("departure"))
    people = models.PositiveSmallIntegerField(_("people"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    created_at = models.DateTimeField(_("written"), default=now)
    changed_at = models.DateTimeField(_("changed"), default=now)
    answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("host reminded"), null=True, blank=True)
    form_key = models.CharField(
        max_length=40,
        unique=True,
        editable=False,
        help_text=_("Of the form it came by: the same form sent twice is one enquiry."),
    )
    origin = models.CharField(
        max_length=200,
        editable=False,
        help_text=_("Where the site was met, such as https://example.org: for links in mail."),
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        indexes = [
            models.Index(fields=["host", "-changed_at"], name="enquiries_host"),
            models.Index(fields=["guest", "-changed_at"], name="enquiries_guest"),
            models.Index(fields=["letting", "arrive"], name="enquiries_letting"),
            models.Index(fields=["state", "leave"], name="enquiries_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(leave__gt=F("arrive")), name="enquiries_enquiry_at_least_a_night"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1), name="enquiries_enquiry_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guest_name}: {self.letting_title}"

    def get_absolute_url(self) -> str:
        """Return the path of the page for those who are signed in."""
        return reverse("enquiries:thread", args=[self.pk])

    def guests_link(self) -> str:
        """Return the path by which anybody can act as the guest: it is only sent by mail."""
        return reverse("enquiries:by_link", args=[LINK.sign(str(self.pk))])

    @property
    def guest_is_known(self) -> bool:
        """Return whether the guest's address is confirmed, and not only typed by somebody."""
        return self.guest_id is not None or self.guest_confirmed

    @property
    def nights(self) -> int:
        """Return the number of nights."""
        return (self.leave - self.arrive) // timedelta(days=1)

    @property
    def is_open(self) -> bool:
        """Return whether messages can still be added."""
        return self.state in (*self.OPEN, self.State.BOOKED)

    @property
    def was_stayed(self) -> bool:
        """Return whether its nights were booked and are over."""
        return self.state == self.State.BOOKED and self.leave <= today_somewhere()

    @property
    def answer_time(self) -> timedelta | None:
        """Return how long the host took for the first answer."""
        return self.answered_at - self.created_at if self.answered_at else None


class Message(models.Model):
    """A message of one side."""

    enquiry = models.ForeignKey(
        Enquiry, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    by_host = models.BooleanField(_("by the host"))
    text = models.TextField(_("text"), max_length=4000)
    written_at = models.DateTimeField(_("written"), default=now)
    mail_key = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        editable=False,
        help_text=_("Of the mail it came by: the same mail read twice is one message."),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["enquiry"], name="enquiries_message_enquiry")]

    def __str__(self) -> str:
        return self.text[:60]
