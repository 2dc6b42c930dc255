"""Debug pages show no credential of the environment."""

import os
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from django.utils.html import escape
from django.views.debug import get_exception_reporter_class, technical_500_response

from oc_lettings_site import debug_pages

PASSWORD = "p4ss<w'rd>&"
# What platforms and add-ons set, some of it read by nobody here.
ENVIRONMENT = {
    "DATABASE_URL": "postgres://oc:hunter2-database@db.example/oc",
    "HEROKU_POSTGRESQL_PINK_URL": "postgres://oc:hunter2-pink@db.example/oc",
    "REDIS_URL": "rediss://:hunter2-redis@cache.example:6379",
    "REDIS_TLS_URL": "rediss://:hunter2-tls@cache.example:6379",
    "EMAIL_URL": "smtp+tls://me%40example.org:hunter2%2Fmail@mail.example:587",
    "INBOX_URL": "imaps://answers:hunter2-inbox@mail.example",
    "SENTRY_DSN": "https://hunter2sentry@o1.ingest.sentry.example/1",
    "CLOUDAMQP_URI": "amqps://u:hunter2-rabbit@mq.example",
    "SLACK_WEBHOOK_URL": "https://hooks.example/services/hunter2-hook",
    "SECRET_KEY": "hunter2-" + "k" * 50,
    "S3_SECRET_ACCESS_KEY": "hunter2-bucket",
    "AWS_SECRET_ACCESS_KEY": "hunter2-aws",
    "GOOGLE_APPLICATION_CREDENTIALS_JSON": "hunter2-google",
    "GITHUB_TOKEN": "hunter2-github",
    "MAILGUN_API_KEY": "hunter2-mailgun",
    "PGPASSWORD": PASSWORD,
}


def failed(request, **frame):
    """The page for an error in a function with these variables."""
    try:
        broken = dict(frame)
        raise RuntimeError(f"no way to {broken.get('words', 'go')}")
    except RuntimeError as error:
        return technical_500_response(request, type(error), error, error.__traceback__)


@pytest.fixture
def request_():
    """A request as runserver makes it: its META holds the environment."""
    with mock.patch.dict(os.environ, ENVIRONMENT):
        yield RequestFactory().post(
            "/", {"password": "hunter2-typed", "name": "Ada"}, **ENVIRONMENT
        )


@override_settings(DEBUG=True)
@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_no_variable_of_the_environment_is_there(request_, accept):
    request_.META["HTTP_ACCEPT"] = accept
    page = failed(request_).content.decode()
    assert "hunter2" not in page
    assert "DATABASE_URL" in page and "Ada" in page


@override_settings(DEBUG=True)
@pytest.mark.parametrize(
    "frame",
    [
        {"url": ENVIRONMENT["DATABASE_URL"]},
        {"options": {"password": "hunter2-database", "host": "db.example"}},
        {"conninfo": "host=db.example user=oc password=hunter2-other dbname=oc"},
        {"conninfo": "host=db.example user=oc password='hunter2 other' dbname=oc"},
        {"elsewhere": "postgres://oc:hunter2#/elsewhere@db.example/oc"},
        {"credentials": ("me@example.org", "hunter2/mail")},
        {"words": "connect to amqps://u:hunter2-rabbit@mq.example"},
        {"raw": f"--{PASSWORD}--"},
    ],
)
def test_nor_in_the_variables_of_a_frame(request_, frame):
    page = failed(request_, **frame).content.decode()
    assert "hunter2" not in page
    assert PASSWORD not in page and str(escape(PASSWORD)) not in page


@override_settings(
    DEBUG=True,
    CACHES={"default": {"LOCATION": "redis://:hunter2-redis@h/0"}},
    DATABASE_URL="postgres://oc:hunter2-database@h/oc",
    SOME_DSN="https://hunter2@h/1",
)
def test_nor_in_the_settings(request_):
    page = failed(request_).content.decode()
    assert "hunter2" not in page
    assert "/static/" in page, "an address on this site is no secret"


@override_settings(DEBUG=True, ALLOWED_HOSTS=["lettings.example"])
def test_the_page_for_a_host_that_is_not_ours(request_):
    """What a first visit by the app's name was answered with."""
    page = Client(raise_request_exception=False).get("/", **ENVIRONMENT, HTTP_HOST="app.example")
    assert page.status_code == 400
    assert "DisallowedHost" in page.content.decode()
    assert "hunter2" not in page.content.decode()


def test_a_name_of_ours_is_no_secret():
    with mock.patch.dict(os.environ, {"PGPASSWORD": "lettings", "SOME_KEY": "short"}):
        assert not {"lettings", "short"} & set(debug_pages.secrets())


def test_these_are_the_pages_that_django_takes():
    assert get_exception_reporter_class(None) is debug_pages.Reporter
    assert settings.DEFAULT_EXCEPTION_REPORTER_FILTER == "oc_lettings_site.debug_pages.Filter"
