"""Connections to the database, for tests that call WSGI themselves or start threads."""

import threading
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections


def keep_connections(test):
    """Let requests of this test leave the connection open that its transaction is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
        test.addCleanup(signal.connect, close_old_connections)


@contextmanager
def for_threads(folder):
    """Let threads share one database, as a site's do, for tests with ``transaction=True``.

    SQLite's in memory, which tests have, knows other locks; it is copied into a file meanwhile.
    """
    ours = connections["default"]
    if ours.vendor != "sqlite":
        yield
        return
    ours.ensure_connection()
    settings = connections.settings["default"]
    connections.settings["default"] = settings | {"NAME": str(folder / "shared.sqlite3")}
    shared = connections["default"] = connections.create_connection("default")
    shared.ensure_connection()
    ours.connection.backup(shared.connection)
    try:
        yield
    finally:
        shared.close()
        connections.settings["default"] = settings
        connections["default"] = ours


def at_once(*works):
    """Run each of ``works`` in a thread and with a connection of its own, all at the same time.

    Gives what each gave or raised.
    """
    ready, ends = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        ready.wait(10)
        try:
            ends[number] = work()
        except Exception as error:
            ends[number] = error
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
