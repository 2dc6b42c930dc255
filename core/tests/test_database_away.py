"""PostgreSQL is down: one thread tries to connect, the others fail at once."""

import socket
import time

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from core import databases
from core.postgresql.base import breaker


@pytest.fixture
def away():
    """Return a connection to a port where nobody listens."""
    breaker.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = databases.configure(
        f"postgres://nobody@127.0.0.1:{port}/nothing",
        pool_size=2,
        statement_timeout=0,
        lock_timeout=0,
        idle_in_transaction_timeout=0,
    )
    # Pools are kept by alias: this one must not be the tests' own.
    connection = ConnectionHandler({"default": config, "away": config})["away"]
    yield connection
    connection.close_pool()
    breaker.close()


@pytest.mark.django_db
def test_the_next_one_does_not_wait_for_a_server_that_is_away(away):
    with pytest.raises(OperationalError):
        away.ensure_connection()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="asked again"):
        away.ensure_connection()
    assert time.monotonic() - began < 0.3
