"""What every answer tells a browser, and what production's cookies look like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import TestCase, override_settings

from oc_lettings_site.tests.test_doctor import STRONG_KEY

ROOT = Path(__file__).resolve().parents[2]


class HeaderTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.admin = User.objects.create_superuser("admin")

    PATHS = ("/", "/lettings/", "/profiles/", "/nowhere/", "/accounts/login/", "/admin/")

    def test_every_page_is_strict(self):
        for path in self.PATHS:
            response = self.client.get(path)
            with self.subTest(path=path):
                policy = response["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertIn("base-uri 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertNotIn("*", policy)
                self.assertEqual(response["X-Content-Type-Options"], "nosniff")
                self.assertEqual(response["X-Frame-Options"], "DENY")
                self.assertEqual(response["Referrer-Policy"], "strict-origin-when-cross-origin")
                self.assertEqual(response["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertEqual(response["Cross-Origin-Resource-Policy"], "same-origin")
                self.assertIn("geolocation=()", response["Permissions-Policy"])

    def test_no_page_has_anything_inline(self):
        """What the policy would refuse, the pages don't even try; a browser tests the rest."""
        self.client.force_login(self.admin, "django.contrib.auth.backends.ModelBackend")
        for path in (*self.PATHS, "/admin/lettings/letting/", "/admin/auth/user/1/change/"):
            page = self.client.get(path, follow=True).content.decode()
            with self.subTest(path=path):
                self.assertNotRegex(page, r"<style|\sstyle=|\son[a-z]+=\"|javascript:")
                self.assertNotRegex(page, r"<script(?![^>]*(src=|application/(ld\+)?json))")

    def test_a_public_page_sets_no_cookie(self):
        for path in ("/", "/lettings/", "/profiles/", "/nowhere/"):
            self.assertFalse(self.client.get(path).cookies)

    @override_settings(SECURE_HSTS_SECONDS=31_536_000)
    def test_hsts_over_https_alone(self):
        self.assertEqual(
            self.client.get("/", secure=True)["Strict-Transport-Security"], "max-age=31536000"
        )
        self.assertNotIn("Strict-Transport-Security", self.client.get("/"))


PRODUCTION = """if True:
    import json, pathlib, sys
    from oc_lettings_site import start_checks, settings
    # Nothing was collected: the storage below asks for no manifest, only the start does.
    start_checks.STATIC_ROOT = pathlib.Path(sys.argv[1])
    (start_checks.STATIC_ROOT / start_checks.MANIFEST).write_text("{}")
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from oc_lettings_site.wsgi import application
    from oc_lettings_site.tests.empty_database import make_tables
    make_tables()
    from django.contrib.auth.models import User
    User.objects.create_superuser("admin", password="hunter2")
    from werkzeug.test import Client
    router = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    client = Client(application, use_cookies=False)
    site = "http://lettings.example"
    out = {}
    answer = client.get("/accounts/login/", base_url=site)
    out["plain"] = [answer.status_code, answer.headers["Location"]]
    answer = client.get("/accounts/login/", base_url=site, headers=router)
    out["form"] = [answer.status_code, dict(answer.headers)]
    cookie = answer.headers["Set-Cookie"].strip().split(";")[0]
    token = answer.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"login": "admin", "password": "hunter2", "csrfmiddlewaretoken": token}
    def sign_in(origin, **more):
        headers = {**router, "Cookie": cookie, "Origin": origin, "Referer": origin + "/", **more}
        return client.post("/accounts/login/", base_url=site, headers=headers, data=form)
    answer = sign_in("https://lettings.example")
    out["signed_in"] = [answer.status_code, answer.headers.getlist("Set-Cookie")]
    out["foreign"] = sign_in("https://evil.example").status_code
    out["plain_origin"] = sign_in("http://lettings.example").status_code
    out["forged"] = sign_in(
        "https://lettings.example", **{"X-Forwarded-Host": "evil.example"}
    ).status_code
    sys.stdout.write(json.dumps(out))
    """


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What the site answers in production behind one proxy that ends TLS."""
    result = subprocess.run(
        [sys.executable, "-c", PRODUCTION, tmp_path_factory.mktemp("static")],
        cwd=ROOT,
        env={
            **os.environ,
            "ENVIRONMENT": "production",
            "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
            "SECRET_KEY": STRONG_KEY,
            "ALLOWED_HOSTS": "lettings.example",
            "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('db')}/db.sqlite3",
            "REDIS_URL": "",
            "TRUSTED_PROXIES": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


class TestProduction:
    def test_plain_http_is_sent_to_https_once(self, production):
        assert production["plain"] == [301, "https://lettings.example/accounts/login/"]
        assert production["form"][0] == 200

    def test_hsts(self, production):
        assert production["form"][1]["Strict-Transport-Security"] == "max-age=31536000"

    def test_cookies_are_bound_to_this_host(self, production):
        assert production["form"][1]["Set-Cookie"].strip().startswith("__Host-csrftoken=")
        status, cookies = production["signed_in"]
        assert status == 302
        session = next(cookie for cookie in cookies if "__Host-sessionid=" in cookie)
        for part in ("HttpOnly", "Secure", "Path=/", "SameSite=Lax"):
            assert part in session
        assert "Domain" not in session

    def test_csrf_takes_our_origin_alone(self, production):
        assert production["foreign"] == 403
        assert production["plain_origin"] == 403

    def test_a_forwarded_host_is_not_believed(self, production):
        assert production["forged"] == 302
