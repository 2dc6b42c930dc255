"""/livez, /readyz, /version: for machines, over plain HTTP, under any Host."""

import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import django
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client, TestCase, override_settings

ROOT = Path(__file__).resolve().parents[2]
PROBES = ("/livez", "/readyz", "/version")


class ProbeTests(TestCase):
    def test_livez_touches_nothing(self):
        with self.assertNumQueries(0):
            response = self.client.get("/livez")
        self.assertEqual((response.status_code, response.content), (200, b"alive\n"))

    def test_readyz_names_each_part(self):
        response = self.client.get("/readyz")
        self.assertEqual(response.status_code, 200, response.content)
        self.assertEqual(
            response.json(),
            {"status": "ready", "database": "ok", "migrations": "ok", "cache": "ok"},
        )

    def test_however_often_it_is_asked_no_limit_is_forgotten(self):
        """A cache in memory drops what is in it to make room for new keys."""
        room = {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 30},
        }
        with self.settings(CACHES=settings.CACHES | {"shared": room}):
            caches["shared"].clear()
            for limits in (caches["shared"], cache):
                limits.set("a-limit", 5)
            for _ in range(90):
                self.assertEqual(self.client.get("/readyz").status_code, 200)
            for limits in (caches["shared"], cache):
                self.assertEqual(limits.get("a-limit"), 5)

    @override_settings(RELEASE="4f2a9c1")
    def test_version(self):
        self.assertEqual(
            self.client.get("/version").json(),
            {"commit": "4f2a9c1", "environment": "test", "django": django.get_version()},
        )

    @override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["lettings.example"])
    def test_plain_http_and_any_host(self):
        for path in PROBES:
            for host in ("10.1.2.3:8000", "evil.example", "not a host", ""):
                with self.subTest(path=path, host=host):
                    response = self.client.get(path, headers={"host": host})
                    self.assertEqual(response.status_code, 200)

    def test_nothing_keeps_the_answer(self):
        for path in PROBES:
            response = self.client.get(path)
            self.assertEqual(response["Cache-Control"], "no-store")
            self.assertFalse(response.cookies)

    def test_head(self):
        for path in PROBES:
            self.assertEqual(self.client.head(path).status_code, 200)

    def test_a_wrong_method(self):
        for path in PROBES:
            response = self.client.post(path)
            self.assertEqual((response.status_code, response["Allow"]), (405, "GET, HEAD"))

    def test_a_neighbouring_path_is_a_page(self):
        self.assertEqual(self.client.get("/livez/").status_code, 404)


class NotReadyTests(TestCase):
    def not_ready(self, part, words):
        with self.assertNoLogs("django.request"):
            response = self.client.get("/readyz")
        answer = response.json()
        self.assertEqual((response.status_code, answer["status"]), (503, "not ready"))
        self.assertRegex(answer[part], words)
        return answer

    def test_a_cache_that_forgets(self):
        dummy = {"shared": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        with self.settings(CACHES=settings.CACHES | dummy):
            answer = self.not_ready("cache", "what was written is not there")
        self.assertEqual(answer["database"], "ok")

    def test_a_cache_out_of_reach_and_its_address_is_not_told(self):
        with (
            mock.patch(
                "core.observability.health._cache", side_effect=ConnectionError("at 10.9.8.7")
            ),
            self.assertLogs("core.observability.health", "WARNING") as logs,
        ):
            answer = self.not_ready("cache", "^failed: ConnectionError$")
        self.assertNotIn("10.9.8.7", str(answer))
        self.assertIn("10.9.8.7", logs.output[0])

    def test_a_database_that_fails(self):
        with (
            mock.patch(
                "core.observability.health._database", side_effect=OperationalError("gone")
            ),
            self.assertLogs("core.observability.health", "WARNING"),
        ):
            self.not_ready("database", "^failed: OperationalError$")


@pytest.mark.django_db(transaction=True)
def test_an_unapplied_migration_is_named(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    try:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["migrations"] == "pending: sessions.0001_initial"
        assert response.json()["database"] == "ok"
    finally:
        from django.db.migrations.recorder import MigrationRecorder

        MigrationRecorder(connection).record_applied("sessions", "0001_initial")


@contextmanager
def listener(accepts):
    """A port on this machine where nobody listens, or where somebody accepts and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if accepts:
            server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("accepts", [False, True], ids=["refused", "silent"])
@pytest.mark.parametrize("dead", ["database", "cache"])
def test_it_answers_in_time_when_a_server_is_dead(dead, accepts):
    ask = """if True:
        import time, django
        django.setup()
        from django.test import Client
        client = Client()
        client.get("/livez")  # what the first request loads is not what is measured
        began = time.monotonic()
        response = client.get("/readyz")
        print(response.status_code, f"{time.monotonic() - began:.2f}", response.content.decode())
        """
    variables = {"ENVIRONMENT": "test", "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings"}
    with listener(accepts) as port:
        if dead == "database":
            variables["DATABASE_URL"] = f"postgres://u:hunter2@127.0.0.1:{port}/n"
        else:
            variables |= {"DATABASE_URL": "sqlite://:memory:"}
            variables["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        result = subprocess.run(
            [sys.executable, "-c", ask],
            cwd=ROOT,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=30,
        )
    status, seconds, answer = result.stdout.split(" ", 2)
    assert status == "503", result
    assert float(seconds) < 3.5  # its deadline is 1.8 s; the rest is for a busy machine
    assert re.search(rf'"{dead}": "(no answer in|failed: )', answer)
    assert "hunter2" not in result.stdout + result.stderr


def test_livez_does_not_need_a_database():
    """pytest-django fails a test without its mark that touches the database."""
    assert Client().get("/livez").status_code == 200
