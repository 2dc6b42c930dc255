"""Turn DATABASE_URL into Django's DATABASES entry, with the safe options of each engine."""

from __future__ import annotations

from typing import Any

import dj_database_url

SLICE = 0.3  # seconds

SCHEMES = ("sqlite", "postgres", "postgresql")
EXAMPLES = "sqlite:///path/to/file or postgres://user:password@host:5432/name"
# A host that vanishes silently (a fail-over, a cut cable) must not block threads for the
# quarter of an hour that TCP retries. statement_timeout can't help: the host enforces it.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
TCP = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds in which what was sent must have arrived
    # While an answer is awaited: keepalive probes begin after 5 silent seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


def parse_url(url: str) -> str:
    """Return ``url`` if it names a database this site can use; otherwise raise ValueError."""
    config = dj_database_url.parse(url)
    if not url.startswith(tuple(f"{scheme}://" for scheme in SCHEMES)) or not config["NAME"]:
        raise ValueError("not a database of ours")
    return url


def configure(
    url: str,
    *,
    pool_size: int,
    statement_timeout: int,
    lock_timeout: int,
    idle_in_transaction_timeout: int,
) -> dict[str, Any]:
    """Return Django's settings for the database at ``url``.

    ``pool_size`` is the connections each process may hold (0: no pool, one connection a request);
    the timeouts are in milliseconds, 0 for none. SQLite uses neither.
    """
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        options |= sqlite_options()
        return config
    timeouts = {
        "statement_timeout": statement_timeout,
        "lock_timeout": lock_timeout,
        "idle_in_transaction_session_timeout": idle_in_transaction_timeout,
    }
    given = options.get("options", "")
    options["options"] = " ".join(
        [given, *(f"-c {name}={value}" for name, value in timeouts.items())]
    ).strip()
    config["OPTIONS"] = options = TCP | options
    if pool_size:
        config["ENGINE"] = "core.postgresql"
        config["CONN_HEALTH_CHECKS"] = True
        # A request that gets no connection in 3 s fails instead of waiting for a dead server:
        # core.postgresql asks the pool in slices and checks why it got none.
        # The pool waits longer after each attempt, up to minutes, longer than a restart takes. So
        # it gives up after the second, and the next request makes it try again.
        # https://www.psycopg.org/psycopg3/docs/api/pool.html
        options["pool"] = {
            "min_size": 0,
            "max_size": pool_size,
            "timeout": SLICE,
            "reconnect_timeout": SLICE,
        }
    return config


def sqlite_options() -> dict[str, Any]:
    """Return what lets many threads and processes share one SQLite file; Django adds foreign keys.

    https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
    """
    return {
        # A transaction takes the write lock when it begins, so that it waits instead
        # of failing half-way, where SQLite can't wait: https://www.sqlite.org/isolation.html
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            # Readers don't block writers; NORMAL can't corrupt: https://www.sqlite.org/wal.html
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            # A page cache of 20 MB; the write-ahead log shrinks to 64 MB after a burst.
            "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=67108864; "
            "PRAGMA temp_store=MEMORY;"
        ),
    }
