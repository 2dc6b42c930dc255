"""DATABASE_URL: what each engine is told, and that it does what it was told."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.utils import ConnectionHandler

from core import databases

ROOT = Path(__file__).resolve().parents[2]
# .ci/run writes for 10 s; three show the same faults.
WRITING_SECONDS = os.environ.get("TEST_WRITING_SECONDS", "2")
LIMITS = {
    "pool_size": 4,
    "statement_timeout": 0,
    "lock_timeout": 0,
    "idle_in_transaction_timeout": 0,
}

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="PostgreSQL alone: DATABASE_URL=postgres://user:password@host/name make test",
)


@pytest.mark.parametrize("url", ["sqlite:///x", "postgres://h/n", "postgresql://u:p%40@h:5/n"])
def test_a_database_of_ours(url):
    assert databases.parse_url(url) == url


@pytest.mark.parametrize(
    "url", ["", "x", "postgres://h", "mysql://h/n", "postgres://h:port/n", "oracle://h/n"]
)
def test_no_database_of_ours(url):
    with pytest.raises(ValueError):
        databases.parse_url(url)


def test_a_host_that_vanished_is_given_up_before_the_router_gives_up_on_us():
    told = databases.configure("postgres://h/n", **LIMITS)["OPTIONS"]
    silent = told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"]
    # What TCP gives up first, and then the attempt to connect anew.
    assert max(silent, told["tcp_user_timeout"] / 1000) + told["connect_timeout"] < 20


def test_the_url_has_the_last_word():
    url = "postgres://h/n?connect_timeout=1&sslmode=require"
    told = databases.configure(url, **LIMITS)["OPTIONS"]
    assert (told["connect_timeout"], told["sslmode"]) == (1, "require")


class TestSqlite:
    @pytest.mark.django_db
    def test_pragmas(self, tmp_path):
        handler = ConnectionHandler(
            {"default": databases.configure(f"sqlite:///{tmp_path}/db", **LIMITS)}
        )
        with closing(handler["default"]) as database, database.cursor() as cursor:
            found = {}
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
                cursor.execute(f"PRAGMA {pragma}")
                found[pragma] = cursor.fetchone()[0]
        assert found == {
            "journal_mode": "wal",
            "synchronous": 1,
            "foreign_keys": 1,
            "busy_timeout": 20_000,
        }

    def test_eight_writers_lose_nothing_and_are_never_locked_out(self, tmp_path):
        path = tmp_path / "db.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE counter (value INTEGER)")
            database.execute("CREATE TABLE entry (value INTEGER UNIQUE)")
            database.execute("INSERT INTO counter VALUES (0)")
            database.commit()
        command = [
            sys.executable,
            "-m",
            "core.tests.sqlite_writer",
            path,
            WRITING_SECONDS,
            "4",
        ]
        processes = [
            subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        commits = 0
        for process in processes:
            out, err = process.communicate(timeout=120)
            assert not err
            done, least = map(int, out.split())
            assert least > 0, "a writer never had its turn"
            commits += done
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("SELECT value FROM counter").fetchone() == (commits,)
            assert database.execute("SELECT count(*) FROM entry").fetchone() == (commits,)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
class TestPostgresql:
    @pytest.fixture
    def connect(self):
        """Return a function that opens a connection to the test database with these limits."""
        opened = []

        def connect(**limits):
            config = databases.configure(os.environ["DATABASE_URL"], **{**LIMITS, **limits})
            config["NAME"] = connection.settings_dict["NAME"]
            database = ConnectionHandler({"default": config})["default"]
            database._connection_pools = {}  # Not the site's own pool: it has other limits.
            opened.append(database)
            return database

        yield connect
        for database in opened:
            database.close()
            database.close_pool()

    def test_the_site_s_own_limits_are_in_force(self, settings):
        with connection.cursor() as cursor:
            for name in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            ):
                cursor.execute(f"SELECT setting FROM pg_settings WHERE name = '{name}'")
                assert f"{name}={cursor.fetchone()[0]}" in str(connection.settings_dict["OPTIONS"])

    def test_the_client_takes_what_it_is_told_of_tcp(self, settings):
        with connection.cursor():
            told = connection.connection.info.get_parameters()
        assert (
            databases.TCP.items()
            <= {name: int(told.get(name, 0)) for name in databases.TCP}.items()
        )

    def test_a_long_statement_is_ended(self, connect):
        began = time.monotonic()
        with connect(statement_timeout=100).cursor() as cursor:
            with pytest.raises(OperationalError, match="statement timeout"):
                cursor.execute("SELECT pg_sleep(10)")
        assert time.monotonic() - began < 5

    def test_a_lock_is_not_waited_for(self, connect):
        holder = connect()
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE auth_user")
            with connect(lock_timeout=100).cursor() as waiting:
                with pytest.raises(OperationalError, match="lock timeout"):
                    waiting.execute("SELECT count(*) FROM auth_user")
        holder.rollback()

    def test_a_forgotten_transaction_is_ended(self, connect):
        database = connect(idle_in_transaction_timeout=100)
        database.set_autocommit(False)
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
            time.sleep(0.5)
            with pytest.raises(DatabaseError, match="idle-in-transaction timeout"):
                cursor.execute("SELECT 1")

    def test_a_process_holds_no_more_connections_than_its_pool(self, connect):
        database = connect(pool_size=2)
        pool = database.pool
        pool.open()
        assert pool.max_size == 2
        with pool.connection(), pool.connection():
            with pytest.raises(Exception, match="couldn't get a connection"):
                pool.getconn(timeout=0.1)

    def test_no_pool(self, connect):
        database = connect(pool_size=0)
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert database.pool is None

    def test_a_connection_that_died_is_replaced(self, connect):
        database = connect()
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            died = cursor.fetchone()[0]
        database.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [died])
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone()[0] != died
