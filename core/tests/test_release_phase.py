"""The release process: once, under a lock, without holding up the site."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import OperationalError, connection, connections

from core.release_phase import lock as lock_module
from core.release_phase import migrate as migrate_module
from core.release_phase.lock import EX_TEMPFAIL, KEY, connect, release_lock
from core.release_phase.migrate import migrate, pending

ROOT = Path(__file__).resolve().parents[2]
PREVIOUS = ("lettings", "0002_what_a_visitor_sees")

postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no such lock"
)


def run(database, *args, **variables):
    """Run bin/release-phase as an operator would; return the finished process."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}
    }
    environment |= {"ENVIRONMENT": "test", "DATABASE_URL": f"sqlite:///{database}", **variables}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    return subprocess.run(
        [ROOT / "bin" / "release-phase", *args],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


class TestProgram:
    def test_brings_an_empty_database_to_this_code(self, tmp_path):
        first = run(tmp_path / "db", RELEASE="0123456789abcdef")
        assert first.returncode == 0, first.stderr
        for words in (
            "doctor: no fault found",
            "release 0123456789abcdef for test",
            "Planned operations:",
            "Applying lettings.0001_initial... OK",
            "] done",
        ):
            assert words in first.stdout

    def test_a_fault_in_the_settings_stops_it_before_the_database(self, tmp_path):
        result = run(tmp_path / "db", ENVIRONMENT="production", ALLOWED_HOSTS="lettings.example")
        assert result.returncode == 1
        assert "SECRET_KEY: not set" in result.stdout
        assert not (tmp_path / "db").exists()

    def test_another_release_at_work_is_waited_for_and_named(self, tmp_path):
        with open(tmp_path / "db-release", "w") as file:
            file.write("release abc")
            file.flush()
            fcntl.flock(file, fcntl.LOCK_EX)
            result = run(tmp_path / "db", "--wait", "0.1")
        assert result.returncode == EX_TEMPFAIL
        assert "another release is at work (release abc); waiting up to 0 s" in result.stdout
        assert "Another release still migrates this database after 0.1 s" in result.stderr
        assert "Applying" not in result.stdout

    def test_a_database_that_does_not_answer_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr(lock_module.time, "sleep", lambda seconds: None)
        silent = connection.copy()
        silent.ensure_connection = lambda: (_ for _ in ()).throw(OperationalError("no route"))
        said = []
        with pytest.raises(CommandError, match="gives no connection: no route"):
            connect(silent, said.append)
        assert len(said) == lock_module.CONNECT_ATTEMPTS - 1


@pytest.fixture
def one_pending(transactional_db):
    """Take back the newest migration of lettings, and bring the database up again at the end."""
    call_command("migrate", *PREVIOUS, verbosity=0)
    yield
    call_command("migrate", verbosity=0)


@pytest.fixture
def one_database(monkeypatch):
    """Hide those of other tests: from 6.1 on, Django checks models on every database there is."""
    only = {"default": connections.settings["default"]}
    monkeypatch.setattr(connections, "settings", only)


@pytest.mark.usefixtures("one_database")
class TestMigrate:
    def test_applies_what_is_pending(self, one_pending, capsys):
        count = len(pending(connection))
        call_command("release_phase")
        assert count and not pending(connection)
        said = capsys.readouterr().out
        assert f"{count} migration" in said and "Planned operations" in said

    def test_a_second_time_there_is_nothing_to_do(self, transactional_db, capsys):
        call_command("release_phase")
        said = capsys.readouterr().out
        assert "0 migrations to apply" in said and "Planned operations" not in said

    @postgresql_only
    def test_too_few_connections_stop_it_before_anything_is_changed(self, one_pending, settings):
        settings.DEPLOYED, settings.WEB_MACHINES = True, 1_000_000
        with pytest.raises(SystemCheckError, match="oc.E004"):
            call_command("release_phase")
        assert pending(connection)

    def test_a_lock_that_goes_away_is_waited_for(self, transactional_db, monkeypatch):
        answers = iter([OperationalError("database is locked"), None])

        def once_locked(*args, **options):
            answer = next(answers)
            if answer:
                raise answer

        monkeypatch.setattr(migrate_module, "call_command", once_locked)
        monkeypatch.setattr(migrate_module, "pending", lambda connection: [Stuck()])
        said = []
        migrate(connection, said.append, pause=0)
        assert said == ["lettings.0009 waits for a lock that a transaction holds; again in 0 s"]

    @pytest.mark.parametrize("atomic, attempts", [(True, 5), (False, 1)])
    def test_a_lock_that_stays_is_explained(self, db, monkeypatch, atomic, attempts):
        def locked(*args, **options):
            raise OperationalError("database is locked")

        monkeypatch.setattr(migrate_module, "call_command", locked)
        monkeypatch.setattr(migrate_module, "pending", lambda connection: [Stuck(atomic)])
        with pytest.raises(CommandError, match=f"got no lock .* in {attempts} attempt"):
            migrate(connection, lambda words: None, pause=0)

    def test_another_failure_is_not_tried_again(self, db, monkeypatch):
        def broken(*args, **options):
            raise OperationalError("disk full")

        monkeypatch.setattr(migrate_module, "call_command", broken)
        with pytest.raises(OperationalError, match="disk full"):
            migrate(connection, pytest.fail)


class Stuck:
    """A migration that meets a lock."""

    def __init__(self, atomic=True):
        self.atomic = atomic

    def __str__(self):
        return "lettings.0009"


@postgresql_only
class TestPostgresql:
    @pytest.fixture
    def other(self, transactional_db):
        """Somebody else's connection to the same database."""
        other = connection.copy()
        other.settings_dict["OPTIONS"].pop("pool", None)
        with other.cursor() as cursor:
            yield cursor
        other.close()

    def test_two_at_once_one_works_and_the_other_says_who(self, other, capsys):
        other.execute("SET application_name = 'release abc'")
        other.execute("SELECT pg_advisory_lock(%s)", [KEY])
        with pytest.raises(CommandError, match="still migrates") as stopped:
            call_command("release_phase", wait=0.1)
        assert stopped.value.returncode == EX_TEMPFAIL
        assert "at work (release abc, process " in capsys.readouterr().out

    def test_the_lock_is_free_again_when_the_holder_is_gone(self, other):
        with release_lock(connection, 0, pytest.fail):
            other.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
            assert other.fetchone() == (False,)
        other.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
        assert other.fetchone() == (True,)

    def test_a_busy_table_is_left_alone_and_its_holder_named(self, one_pending, other):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 50")
        other.execute("BEGIN")
        other.execute("LOCK TABLE lettings_letting")
        try:
            with pytest.raises(CommandError, match="pg_terminate_backend"):
                migrate(connection, lambda words: None, pause=0)
        finally:
            other.execute("ROLLBACK")
        migrate(connection, pytest.fail)
        assert not pending(connection)
        connection.close()

    def test_requests_limits_do_not_cut_a_migration_short(self, other):
        call_command("release_phase")
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() != ("0",)
        connection.close()
