"""Run by test_databases with a SQLite file, seconds and threads; prints all and least commits."""

import sys
import threading
import time

import django
from django.conf import settings
from django.db import connection, transaction

from core import databases

path, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
settings.configure(
    DATABASES={
        "default": databases.configure(
            f"sqlite:///{path}",
            pool_size=4,
            statement_timeout=0,
            lock_timeout=0,
            idle_in_transaction_timeout=0,
        )
    }
)
django.setup()
commits = []


def write():
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        # Read, think, write: without the lock from the beginning, two would read the same number.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT value FROM counter")
            value = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET value = %s", [value + 1])
            cursor.execute("INSERT INTO entry (value) VALUES (%s)", [value])
        done += 1
    commits.append(done)
    connection.close()


workers = [threading.Thread(target=write) for _ in range(threads)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert len(commits) == threads
print(sum(commits), min(commits))
