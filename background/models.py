"""The outbox of mail, and the recurring jobs."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import retention


def in_a_day() -> datetime:
    """Return the time until which a new mail is tried."""
    return timezone.now() + retention.MAIL_TRIES


class Mail(models.Model):
    """A mail in the outbox, stored until it is delivered.

    ``due_at`` is when it may be claimed: its next attempt or, while it is being sent, the end of
    the sender's lease. A sender that takes longer must have died.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        # The server took it, and has said since that it could not deliver it.
        BOUNCED = "bounced", _("undeliverable")

    OPEN = (State.WAITING, State.SENDING)

    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    subject = models.CharField(_("subject"), max_length=255)
    recipients = models.JSONField(_("recipients"))
    content = models.JSONField(
        _("content"), help_text=_("What it says; forgotten once it is delivered.")
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.TextField(_("last error"), blank=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    tried_until = models.DateTimeField(_("tried until"), default=in_a_day)
    sent_at = models.DateTimeField(pgettext_lazy("when", "sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = pgettext_lazy("in the outbox", "mail")
        indexes = [
            models.Index(
                fields=["due_at"],
                name="background_mail_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["state", "-created_at"], name="background_mail_state"),
        ]

    def __str__(self) -> str:
        return self.subject

    def as_message(self) -> EmailMultiAlternatives:
        """Return the message as it was written, with the same Message-ID at every attempt."""
        content = dict(self.content)
        alternatives = content.pop("alternatives", [])
        message = EmailMultiAlternatives(subject=self.subject, **content)
        for text, kind in alternatives:
            message.attach_alternative(text, kind)
        return message


class Job(models.Model):
    """A job and when it is next due. While it runs, that is the end of its runner's lease."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    began_at = models.DateTimeField(_("last began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("last ended"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.name
