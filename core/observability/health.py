"""Health checks for machines: is the process alive, is it ready, which version is it.

The middleware comes first, so that a probe is answered over plain HTTP and with any Host header.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache

import django
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse

logger = logging.getLogger(__name__)

# seconds. Heroku's router and most load balancers ask every few seconds; after this long they
# have given up anyway.
DEADLINE = 1.8


def livez() -> HttpResponse:
    """Return 200: the process answers. Touch nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


def readyz() -> HttpResponse:
    """Return whether database, cache and migrations are ready; 503 if one of them is not."""
    parts = _within_deadline({"database": _database, "migrations": _migrations, "cache": _cache})
    ready = all(answer == "ok" for answer in parts.values())
    status = {"status": "ready" if ready else "not ready"}
    return JsonResponse(status | parts, status=200 if ready else 503)


def version() -> HttpResponse:
    """Return the commit, the environment and Django's version."""
    return JsonResponse(
        {
            "commit": settings.RELEASE,
            "environment": settings.ENVIRONMENT,
            "django": django.get_version(),
        }
    )


PROBES = {"/livez": livez, "/readyz": readyz, "/version": version}


def _within_deadline(checks: dict[str, Callable[[], str]]) -> dict[str, str]:
    """Run each check in its own thread; a check that is not done in time is "no answer"."""
    if connection.vendor == "sqlite":  # A SQLite file can't be out of reach.
        return {name: _guarded(name, check) for name, check in checks.items()}
    answers: dict[str, str] = {}

    def run(name: str, check: Callable[[], str]) -> None:
        try:
            answers[name] = _guarded(name, check)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in checks.items()]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    return {name: answers.get(name, f"no answer in {DEADLINE} s") for name in checks}


def _guarded(name: str, check: Callable[[], str]) -> str:
    """Return the check's result, or the kind of its error; details may name hosts: log them."""
    try:
        return check()
    except Exception as error:
        logger.warning("readyz: %s: %s", name, error)
        return f"failed: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    applied = set(MigrationRecorder(connection).applied_migrations())
    pending = [".".join(key) for key in _known_migrations() if key not in applied]
    return f"pending: {', '.join(pending)}" if pending else "ok"


@lru_cache
def _known_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(None).graph.nodes)


def _cache() -> str:
    # Always the same key and value, however many probes write at once: a cache in memory would
    # drop other entries for each new key.
    cache = caches["shared"]
    cache.set("readyz", "written", timeout=10)
    return "ok" if cache.get("readyz") else "failed: what was written is not there"
