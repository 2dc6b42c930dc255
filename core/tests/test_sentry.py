"""Sentry: what is reported, what never is, and that no page waits when Sentry is down.

The SDK patches Django for the whole process, so each of these runs in a process of its own.
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.observability import sentry

ROOT = Path(__file__).resolve().parents[2]
DSN = "http://thekey@127.0.0.1:{port}/1"
SECRETS = (
    "hunter2",
    "alice",
    "alice@example.org",
    "203.0.113.7",
    "sessionid",
    "the-cookie",
    "the-token",
    "Mozilla",
)

SCRIPT = """if True:
    import io, json, sys, time
    from unittest import mock
    import django, sentry_sdk
    from sentry_sdk.transport import Transport

    class Keep(Transport):
        kept = []
        def capture_envelope(self, envelope):
            self.kept += [item.payload.json for item in envelope.items if item.payload.json]

    real = sentry_sdk.init
    with mock.patch("sentry_sdk.init", lambda **options: real(**options, transport=Keep)):
        django.setup()
    from django.conf import settings
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from oc_lettings_site.tests.empty_database import make_tables
    make_tables()
    from django.contrib.auth.models import User
    from django.test import Client
    from oc_lettings_site.wsgi import application

    user = User.objects.create_superuser("alice", "alice@example.org", "hunter2")
    client = Client(
        raise_request_exception=False,
        headers={
            "user-agent": "Mozilla", "authorization": "Bearer the-token",
            "x-forwarded-for": "203.0.113.7", "referer": "http://testserver/?q=alice",
        },
        REMOTE_ADDR="203.0.113.7",
    )
    client.cookies["other"] = "the-cookie"
    def ask(path, method="GET", **headers):
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "q=alice@example.org",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "REMOTE_ADDR": "203.0.113.7",
            "HTTP_COOKIE": "other=the-cookie", "HTTP_USER_AGENT": "Mozilla", **headers,
        }
        status = []
        body = application(environ, lambda s, h, e=None: status.append(s))
        text = b"".join(body).decode()
        body.close() if hasattr(body, "close") else None
        return status[0][:3], text

    out = {}
    def events(name, run):
        Keep.kept.clear()
        out.setdefault("answers", {})[name] = run()
        sentry_sdk.flush()
        out[name] = list(Keep.kept)

    events("debug", lambda: ask("/sentry-debug/", HTTP_X_REQUEST_ID="req-12345678"))
    client.force_login(user)
    with mock.patch("accounts.forms.ProfileForm.clean", side_effect=ZeroDivisionError):
        form = {"first_name": "alice", "last_name": "hunter2"}
        events("form", lambda: client.post("/accounts/profile/?next=/alice/", form).status_code)
    client.logout()
    events("noise", lambda: [
        ask("/nowhere/")[0],
        ask("/", HTTP_HOST="evil.example")[0],
        client.post("/accounts/login/", {str(n): "" for n in range(2000)}).status_code,
        client.post("/accounts/login/", {"login": "alice", "password": "wrong"}).status_code,
        *(ask(path)[0] for path in ("/livez", "/readyz", "/version")),
    ])
    sys.stdout.write(json.dumps(out))
    """


def run(code, **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "ENVIRONMENT": "test",
            "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
            "DATABASE_URL": "sqlite://:memory:",
            "REDIS_URL": "",
            "RELEASE": "4f2a9c1",
            **variables,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def reported(**variables):
    result = run(SCRIPT, SENTRY_DSN=DSN.format(port=9), **variables)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def quiet():
    return reported(SENTRY_TRACES_SAMPLE_RATE="1")


def errors(events):
    return [event for event in events if event.get("exception")]


class TestReports:
    def test_an_error_arrives_once_with_what_finds_it(self, quiet):
        (event,) = errors(quiet["debug"])
        assert event["exception"]["values"][-1]["type"] == "ZeroDivisionError"
        assert event["release"] == "4f2a9c1"
        assert event["environment"] == "test"
        assert event["tags"]["request_id"] == "req-12345678"
        assert event["transaction"] == "/sentry-debug/"
        assert event["request"]["url"] == "http://testserver/sentry-debug/"
        assert len([e for e in quiet["debug"] if e.get("type") != "transaction"]) == 1

    def test_the_page_names_the_report(self, quiet):
        status, page = quiet["answers"]["debug"]
        assert status == "500"
        assert errors(quiet["debug"])[0]["event_id"] in page

    def test_traces_are_sampled(self, quiet):
        assert [e for e in quiet["debug"] if e.get("type") == "transaction"]

    @pytest.mark.parametrize("secret", SECRETS)
    def test_no_personal_data(self, quiet, secret):
        assert quiet["answers"]["form"] == 500
        assert len(errors(quiet["form"])) == 1
        for event in quiet["debug"] + quiet["form"]:
            for frame in frames(event):
                # Source lines are ours; they name fields, never what a person typed.
                for key in ("pre_context", "context_line", "post_context"):
                    frame.pop(key, None)
                assert "vars" not in frame
            assert secret not in json.dumps(event)

    def test_noise_is_not_reported(self, quiet):
        assert quiet["answers"]["noise"] == ["404", "400", 400, 200, "200", "503", "200"]
        assert not [e for e in quiet["noise"] if e.get("type") != "transaction"]
        names = {e.get("transaction") for e in quiet["noise"]}
        assert not names & {"/livez", "/readyz", "/version"}

    def test_personal_data_when_switched_on(self):
        (event,) = errors(reported(SENTRY_SEND_PII="true")["form"])
        assert event["user"]["username"] == "alice"
        assert "the-cookie" in json.dumps(event["request"])

    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("/enquiries/by-link/12:s3cret/", "/enquiries/by-link/<str:token>/"),
            ("/fr/enquiries/by-link/12%3As3cret/", "/fr/enquiries/by-link/<str:token>/"),
            ("/accounts/confirm-email/MQ:s3cret/", "/accounts/confirm-email/"),
            ("/lettings/7/", "/lettings/7/"),
            ("/nowhere/", "/nowhere/"),
        ],
    )
    def test_an_address_that_is_a_key_is_told_as_its_pattern(self, path, told):
        event = {"request": {"method": "GET", "url": f"https://lettings.example{path}?q=x"}}
        url = sentry.prepare(event, {})["request"]["url"]
        assert url.startswith(f"https://lettings.example{told}")
        assert "s3cret" not in url and "?q" not in url

    @pytest.mark.parametrize(("rate", "sampler"), [(0.0, None), (0.5, sentry.sample)])
    def test_no_traces_unless_asked(self, settings, rate, sampler):
        settings.SENTRY_TRACES_SAMPLE_RATE = rate
        assert sentry.options()["traces_sampler"] is sampler

    def test_a_caller_can_not_ask_for_a_trace(self, settings):
        settings.SENTRY_TRACES_SAMPLE_RATE = 0.5
        assert sentry.sample({"parent_sampled": True, "wsgi_environ": {"PATH_INFO": "/"}}) == 0.5
        assert sentry.sample({"wsgi_environ": {"PATH_INFO": "/livez"}}) == 0.0


def frames(event):
    for value in event.get("exception", {}).get("values", []):
        yield from value["stacktrace"]["frames"]


@contextmanager
def listener(accepts):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if accepts:
            server.listen(50)
        yield server.getsockname()[1]


DEAD = """if True:
    import atexit, time, django
    # Registered first, and so called last, after the SDK's own.
    atexit.register(lambda: print(time.monotonic() - ended))
    django.setup()
    from unittest import mock
    from django.test import Client
    client = Client(raise_request_exception=False)
    times = []
    with mock.patch("oc_lettings_site.views.hit", return_value=0):
        for _ in range(20):
            began = time.monotonic()
            assert client.get("/sentry-debug/").status_code == 500
            times.append(time.monotonic() - began)
    print(sorted(times)[len(times) // 2], max(times[1:]))
    ended = time.monotonic()
    """


@pytest.mark.parametrize("accepts", [False, True], ids=["refuses", "hangs"])
def test_a_dead_sentry_costs_a_page_nothing_and_holds_no_exit(accepts):
    with listener(accepts) as port:
        result = run(DEAD, SENTRY_DSN=DSN.format(port=port))
    assert result.returncode == 0, result.stderr
    median, slowest, leaving = map(float, result.stdout.split())
    assert median < 0.1
    assert slowest < 1.0, "a page waited for Sentry"
    assert leaving < 2.0, "the exit waited for Sentry"


def test_the_sdk_still_has_what_we_turn_off():
    assert callable(sentry.django_integration.patch_django_middlewares)


def test_without_a_dsn_the_sdk_is_not_even_imported():
    code = (
        "import sys, django; django.setup(); import oc_lettings_site.urls, oc_lettings_site.wsgi"
    )
    result = run(f"{code}; print('sentry_sdk' in sys.modules)", SENTRY_DSN="")
    assert result.stdout == "False\n", result.stderr
