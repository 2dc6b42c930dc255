"""API tokens, and stored answers to requests with an idempotency key."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SCOPES = {
    "lettings:write": _("See, create, edit, publish and delete your lettings"),
    "enquiries:read": _("Read the enquiries that you wrote or received"),
    "enquiries:write": _("Write to hosts, answer, book and decline in your name"),
    "profile:read": _("Read your profile and e-mail address"),
}


class ApiToken(models.Model):
    """An API token: its scopes and expiry. The token's text is not stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("name"), max_length=64)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(max_length=4, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"

    def has_expired(self, at: datetime | None = None) -> bool:
        """Return whether it has expired at that moment (default: now)."""
        return self.expires_at <= (at or timezone.now())

    def scopes_in_words(self) -> list[str]:
        """Return its scopes in words."""
        return [str(SCOPES[scope]) for scope in self.scopes if scope in SCOPES]


class KeptAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, for a repeat of the same request."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="accounts_keptanswer_once")
        ]

    def __str__(self) -> str:
        return self.key
