"""Words of django-allauth's that its French gets wrong, or calls otherwise than we do.

They are here for ``bin/messages`` to find: of two catalogues, Django takes the one of the app that
stands first in INSTALLED_APPS.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    # A colon stands right behind these three: the French has its space with it.
    _("Change to"),
    _("Changing to"),
    _("Current email"),
    _("Change Email"),
    _("Email"),
    _("Started At"),
    _("Two-Factor Authentication"),
    _("Use a security key"),
)
