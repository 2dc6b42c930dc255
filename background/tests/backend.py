"""Use the outbox in a test, where Django's test runner sets another mail backend."""

import django

OUTBOX = "background.mail.Outbox"


def use_outbox(settings):
    """Have mail written into the outbox, as settings.py has it; takes pytest-django's fixture."""
    if django.VERSION >= (6, 1):
        settings.MAILERS = {"default": {"BACKEND": OUTBOX}}
    else:
        settings.EMAIL_BACKEND = OUTBOX
