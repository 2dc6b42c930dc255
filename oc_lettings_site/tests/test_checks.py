"""Our system checks: what provokes each, and that each says what to do."""

from unittest import mock

import pytest
from django.core.checks import registry, run_checks
from django.db import OperationalError, connection

from oc_lettings_site import checks

GOOD = {
    "TRUSTED_PROXIES": 1,
    "SECURE_SSL_REDIRECT": True,
    "DATABASE_URL": "postgres://h/n",
    "REDIS_URL": "redis://h/0",
    "EMAIL_URL": "smtps://h",
    "RELEASE": "4f2a9c1",
    "SENTRY_DSN": "https://key@h/1",
    "WEB_MACHINES": 1,
    "WEB_CONCURRENCY": 2,
    "WEB_THREADS": 4,
    "DATABASE_POOL_SIZE": 4,
    "DYNO": "",
    "STORAGES": {"default": {"BACKEND": "storages.backends.s3.S3Storage"}},
}


@pytest.fixture
def found(settings):
    def found(**changes):
        for name, value in {**GOOD, **changes}.items():
            setattr(settings, name, value)
        ours = [
            check
            for check in registry.registry.deployment_checks
            if check.__module__ == "oc_lettings_site.checks"
        ]
        messages = [message for check in ours for message in check(None)]
        for message in messages:
            assert message.hint
        return [message.id for message in messages]

    return found


def test_nothing_to_say(found):
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"TRUSTED_PROXIES": 0}, "oc.E001"),
        ({"TRUSTED_PROXIES": 0, "SECURE_SSL_REDIRECT": False}, "oc.W001"),
        ({"REDIS_URL": ""}, "oc.W002"),
        (
            {"STORAGES": {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}},
            "oc.I001",
        ),
        (
            {
                "STORAGES": {
                    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
                },
                "DYNO": "release.1",
            },
            "oc.W006",
        ),
        ({"RELEASE": "unknown"}, "oc.W003"),
        ({"EMAIL_URL": ""}, "oc.W005"),
        ({"EMAIL_URL": "console://"}, "oc.W005"),
        ({"SENTRY_DSN": ""}, "oc.I002"),
        ({"WEB_MACHINES": 2, "DATABASE_URL": "sqlite:///x"}, "oc.E002"),
    ],
)
def test_each_is_provoked(found, changes, expected):
    assert found(**changes) == [expected]


def test_sqlite_on_one_machine_is_fine(found):
    assert found(DATABASE_URL="sqlite:///x") == []


class TestBudget:
    """2 processes x 4 connections on each machine, a worker's 2; the server's default is 97."""

    @pytest.mark.parametrize(
        ("machines", "expected"),
        [(1, []), (5, []), (6, ["oc.W004"]), (11, ["oc.W004"]), (12, ["oc.E004"])],
    )
    def test_machines_times_processes_times_connections(self, settings, machines, expected):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        settings.WEB_MACHINES = machines
        assert [message.id for message in checks.judge_budget(97)] == expected

    @pytest.mark.parametrize(
        ("available", "expected"),
        # Heroku's essential-0 has 20. Preboot has the old and the new at once: 10 + 10 + 1.
        [(10, ["oc.E004"]), (11, ["oc.W004"]), (20, ["oc.W004"]), (21, []), (40, [])],
    )
    def test_preboot_and_a_one_off_dyno_count(self, settings, available, expected):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        messages = checks.judge_budget(available)
        assert [message.id for message in messages] == expected
        if expected == ["oc.W004"]:
            assert "10 + 10, and 1 of a one-off command = 21" in messages[0].msg
            assert "Without preboot 11 are enough" in messages[0].hint

    def test_without_redis_no_worker_takes_any(self, settings):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        settings.WEB_MACHINES, settings.REDIS_URL = 12, ""
        (message,) = checks.judge_budget(97)
        assert message.id == "oc.W004"
        assert "+ 0 of a worker = 96" in message.msg

    def test_the_sum_is_shown(self, settings):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        settings.WEB_MACHINES = 13
        (message,) = checks.judge_budget(97)
        assert "13 machines x 2 processes x 4 connections + 2 of a worker = 106" in message.msg
        assert "allows 97" in message.msg

    def test_without_a_pool_each_thread_counts(self, settings):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        settings.DATABASE_POOL_SIZE = 0
        settings.WEB_THREADS = 60
        (message,) = checks.judge_budget(97)
        assert "2 processes x 62 connections + 2 of a worker = 126" in message.msg

    @pytest.mark.django_db
    def test_the_server_is_asked(self, settings):
        settings.WEB_MACHINES = 1_000_000
        messages = run_checks(
            tags=["database"], include_deployment_checks=True, databases=["default"]
        )
        ours = [message.id for message in messages if message.id.startswith("oc.")]
        assert ours == (["oc.E004"] if connection.vendor == "postgresql" else [])

    @pytest.mark.django_db
    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such limit")
    @pytest.mark.parametrize(
        "limited", ["DATABASE {name} CONNECTION LIMIT", "ROLE {user} CONNECTION LIMIT"]
    )
    def test_a_limit_of_the_plan_counts_more_than_the_server_s(self, settings, limited):
        for name, value in GOOD.items():
            setattr(settings, name, value)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT quote_ident(current_database()), quote_ident(session_user), rolsuper"
                " FROM pg_roles WHERE rolname = session_user"
            )
            name, user, may_alter_roles = cursor.fetchone()
            if limited.startswith("ROLE") and not may_alter_roles:
                pytest.skip("this role may not limit itself")
            cursor.execute(f"ALTER {limited.format(name=name, user=user)} 9")
        (message,) = checks.check_connections(None, ["default"])
        assert message.id == "oc.E004"
        assert "= 10, and 1 of a one-off command; the server allows 9" in message.msg

    def test_a_server_that_does_not_answer(self):
        with mock.patch.object(checks, "connections") as away:
            away.__getitem__.return_value.vendor = "postgresql"
            away.__getitem__.return_value.cursor.side_effect = OperationalError("hunter2")
            (message,) = checks.check_connections(None, ["default"])
        assert message.id == "oc.E003"
        assert "hunter2" not in str(message)

    def test_it_is_asked_only_when_told_to(self):
        assert checks.check_connections(None) == []
