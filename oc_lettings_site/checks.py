"""Our system checks: `manage.py check --deploy --database default` before a deploy.

Settings that prevent a start are checked in settings.py; these are problems that a start would not
show.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import DatabaseError, connections

from background import WORKER_PROCESSES

# Of a server process, besides those that answer: one does what pages leave to it, one writes the
# views down. With a pool they take turns with the others.
OTHER_THREADS = 2
# The release process, or somebody at `heroku run`, beside all the others:
# https://devcenter.heroku.com/articles/one-off-dynos
ONE_OFF = 1

# A plan that many share has the limit on the role or the database (Heroku's Essential: 20), and
# the server's own is far above it. -1 is none; the second reserve came with PostgreSQL 16.
AVAILABLE = """
    SELECT least(
        current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0),
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = session_user),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
    )
"""


@register(Tags.security, deploy=True)
def check_proxies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check which proxies are trusted for scheme and IP address."""
    if settings.TRUSTED_PROXIES:
        return []
    if settings.SECURE_SSL_REDIRECT:
        return [
            Error(
                "SECURE_SSL_REDIRECT is on, and no proxy is trusted: behind one that ends TLS,"
                " every page redirects to itself for ever.",
                hint="export TRUSTED_PROXIES=1, or as many proxies as a request passes.",
                id="oc.E001",
            )
        ]
    return [
        Warning(
            "TRUSTED_PROXIES is 0: behind a proxy every visitor has the proxy's address, one"
            " sign-in limit is shared by all, and HTTPS is not noticed.",
            hint="export TRUSTED_PROXIES=1, or as many as a request passes: docs/proxy.md.",
            id="oc.W001",
        )
    ]


@register(Tags.caches, deploy=True)
def check_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check whether processes and machines share a cache."""
    if settings.REDIS_URL:
        return []
    return [
        Warning(
            "REDIS_URL is not set: each process counts the API's limits alone, and another"
            " machine's pages are not emptied when the data changes.",
            hint="export REDIS_URL=redis://host:6379/0 (Heroku: heroku addons:create"
            " heroku-redis).",
            id="oc.W002",
        )
    ]


@register(Tags.compatibility, deploy=True)
def check_mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check whether mail can be sent."""
    if settings.EMAIL_URL and settings.EMAIL_URL != "console://":
        return []
    found = "console://, which prints it" if settings.EMAIL_URL else "not set"
    return [
        Warning(
            f"EMAIL_URL is {found}: nobody gets mail, and so nobody confirms an address or hears"
            " of an answer. It waits in the outbox for a day.",
            hint="export EMAIL_URL=smtp+tls://user:password@host:587",
            id="oc.W005",
        )
    ]


@register(Tags.files, deploy=True)
def check_media(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check whether uploaded pictures survive the machine."""
    if "FileSystemStorage" not in settings.STORAGES["default"]["BACKEND"]:
        return []
    if settings.DYNO:
        return [
            Warning(
                "Uploaded pictures are kept on this dyno's disk: Heroku forgets it at every"
                " restart, once a day at least, and the worker has another one.",
                hint="heroku config:set S3_BUCKET=..., docs/pictures.md.",
                id="oc.W006",
            )
        ]
    return [
        Info(
            "Uploaded pictures are kept on this machine's disk; a platform like Heroku forgets it"
            " at every restart.",
            hint="Fine on a machine with a disk of its own that is backed up, and that the worker"
            " has too. Otherwise: export S3_BUCKET=..., docs/pictures.md.",
            id="oc.I001",
        )
    ]


@register(Tags.compatibility, deploy=True)
def check_reports(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check whether errors are reported, and with their release."""
    messages: list[CheckMessage] = []
    if settings.RELEASE == "unknown":
        messages.append(
            Warning(
                "RELEASE is not set: neither /version nor an error report can say which commit"
                " runs.",
                hint="export RELEASE=$(git rev-parse HEAD)",
                id="oc.W003",
            )
        )
    if not settings.SENTRY_DSN:
        messages.append(
            Info(
                "SENTRY_DSN is not set: errors are logged, and nobody is told.",
                hint="export SENTRY_DSN=https://key@host/project; then: manage.py sentry_check",
                id="oc.I002",
            )
        )
    return messages


@register(Tags.compatibility, deploy=True)
def check_sqlite(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check whether several machines would each have their own database."""
    if not settings.DATABASE_URL.startswith("sqlite") or settings.WEB_MACHINES == 1:
        return []
    return [
        Error(
            f"WEB_MACHINES is {settings.WEB_MACHINES} and DATABASE_URL is a SQLite file: each"
            " machine would have data of its own.",
            hint="export DATABASE_URL=postgres://user:password@host:5432/name",
            id="oc.E002",
        )
    ]


@register(Tags.database, deploy=True)
def check_connections(
    app_configs: Any, databases: list[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check whether the server allows every connection that the site may open."""
    messages = []
    for alias in databases or []:
        if connections[alias].vendor == "postgresql":
            messages += _budget(alias)
    return messages


def _budget(alias: str) -> list[CheckMessage]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(AVAILABLE)
            available = cursor.fetchone()[0]
    except DatabaseError as error:
        return [
            Error(
                f"The database can't be asked how many connections it allows:"
                f" {type(error).__name__}.",
                hint="Is DATABASE_URL right, and the server up? `bin/doctor` shows what is read.",
                id="oc.E003",
            )
        ]
    return judge_budget(available)


def judge_budget(available: int) -> list[CheckMessage]:
    """Compare the site's highest number of connections with the ``available`` ones."""
    held = settings.DATABASE_POOL_SIZE or settings.WEB_THREADS + OTHER_THREADS
    # A worker's process runs one task at a time; beat uses only Redis.
    worker = WORKER_PROCESSES if settings.REDIS_URL else 0
    needed = settings.WEB_MACHINES * settings.WEB_CONCURRENCY * held + worker
    sum_ = (
        f"{settings.WEB_MACHINES} machines x {settings.WEB_CONCURRENCY} processes x {held}"
        f" connections + {worker} of a worker = {needed}"
    )
    hint = (
        "Lower WEB_CONCURRENCY or DATABASE_POOL_SIZE, or take a larger database plan:"
        " https://devcenter.heroku.com/articles/heroku-postgres-plans"
    )
    alone, deploying = needed + ONE_OFF, 2 * needed + ONE_OFF
    if alone > available:
        found = f"{sum_}, and {ONE_OFF} of a one-off command; the server allows {available}"
        return [Error(f"Too many connections: {found}.", hint=hint, id="oc.E004")]
    if deploying > available:
        return [
            Warning(
                f"Too many connections during a deploy with preboot, when old and new processes"
                f" run at the same time: {sum_}, and so {needed} + {needed}, and {ONE_OFF} of a"
                f" one-off command = {deploying}; the server allows {available}.",
                hint=f"Without preboot {alone} are enough. With it: {hint}",
                id="oc.W004",
            )
        ]
    return []
