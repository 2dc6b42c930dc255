"""Make databases read-only, and disks full, for a while."""

import errno
import os
import resource
import subprocess
from contextlib import contextmanager, suppress

from django.db import transaction

ROOM = 64 * 1024  # bytes of a small disk


@contextmanager
def read_only(connection):
    """Have the database refuse every write, as SQLite's does on a disk that is read-only.

    PostgreSQL's does after a fail-over, whose old server is a standby now. Call it in a test's
    transaction: it ends with the savepoint.
    """
    on, off = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": ("SET LOCAL transaction_read_only = on", "SELECT 1"),
    }[connection.vendor]
    with transaction.atomic():
        # In SQL, since Django's functions for it have one name in 5.2 and another in 6.1.
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before_it_broke")
            cursor.execute(on)
        try:
            yield
        finally:
            connection.needs_rollback = False
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK TO SAVEPOINT before_it_broke")
                cursor.execute(off)


@contextmanager
def small_disk(folder):
    """Make ``folder`` a disk of 64 KiB; where none can be mounted, no file grows beyond 8 KiB.

    A profile's picture takes less than 64 KiB, and more than 8.
    """
    options = ["-o", f"size={ROOM},mode=0777"]
    mount = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    with suppress(FileNotFoundError):
        if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
            try:
                yield folder
            finally:
                subprocess.run(["umount", "--lazy", str(folder)], check=True)
            return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM // 8, before[1]))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(folder):
    """Write until the disk is full; raise AssertionError if it never is."""
    with open(folder / "filler", "wb", buffering=0) as file:
        try:
            while file.tell() <= ROOM:
                file.write(b"x" * 1024)
        except OSError as error:
            assert error.errno in (errno.ENOSPC, errno.EFBIG), os.strerror(error.errno)
            return
    raise AssertionError(f"{folder} took more than {ROOM} bytes")
