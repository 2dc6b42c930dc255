"""What Django's test client does around a request, for tests that call WSGI themselves."""

from django.core.signals import request_finished, request_started
from django.db import close_old_connections


def keep_connections(test):
    """Let requests of this test leave the connection open that its transaction is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
        test.addCleanup(signal.connect, close_old_connections)
