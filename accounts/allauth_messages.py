"""Texts of django-allauth whose French translation is wrong, or uses other terms than this site.

They are listed for ``bin/messages`` to find. Of two catalogues, Django uses that of the app that
comes first in INSTALLED_APPS.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    # allauth puts a colon right after these three; in French a space must precede it.
    _("Change to"),
    _("Changing to"),
    _("Current email"),
    _("Change Email"),
    _("Email"),
    _("Started At"),
    _("Two-Factor Authentication"),
    _("Use a security key"),
)
