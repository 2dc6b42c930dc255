"""A full disk, a database that is down: 503, and no typed text is lost, by page and by API."""

import errno
import html
import io
import random
import re
import sqlite3
from unittest import mock

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.test import Client, override_settings
from PIL import Image

from accounts.tests.test_tokens import make_token
from background.tests.backend import use_outbox
from core.files.storage import StorageAway
from core.rest.problems import CONTENT_TYPE
from core.web import outages
from core.web.outages import Outage
from enquiries.models import Enquiry
from enquiries.tests.factories import filled_in
from lettings.tests.factories import make_letting
from lettings.tests.host_case import WORDS, upload

from .simulated_outages import fill, read_only, small_disk
from .test_permissions import TABLE, TOKEN, path, routes

TYPED = "A porch, a stove & <the sea>.\nAnd 'two' \"beds\" " + "ü" * 100
SIGNED_UP = {"username": "newcomer", "email": "new@example.org"}
PASSWORD = "correct-horse-7"

# Which errors are an outage


def raised(error, cause=None):
    """Return the error as it is once it was raised from another, as Django's from a driver's."""
    error.__cause__ = cause
    return error


def sqlite(name, kind=OperationalError):
    cause = sqlite3.OperationalError(name)
    cause.sqlite_errorcode = getattr(sqlite3, f"SQLITE_{name}")
    return raised(kind(name), cause)


def postgresql(state, kind=OperationalError):
    return raised(kind(state), psycopg.errors.lookup(state)(state))


DATABASE, FULL_DATABASE = Outage(True), Outage(True, True)
FILES, FULL_DISK = Outage(False), Outage(False, True)
ERRORS = {
    "SQLite: database or disk is full": (FULL_DATABASE, sqlite("FULL")),
    "SQLite: disk I/O error": (DATABASE, sqlite("IOERR_WRITE")),
    "SQLite: database is locked": (DATABASE, sqlite("BUSY")),
    "SQLite: database is locked, for another snapshot": (DATABASE, sqlite("BUSY_SNAPSHOT")),
    "SQLite: database table is locked": (DATABASE, sqlite("LOCKED")),
    "SQLite: attempt to write a readonly database": (DATABASE, sqlite("READONLY")),
    "SQLite: unable to open database file": (DATABASE, sqlite("CANTOPEN")),
    "SQLite: out of memory": (DATABASE, sqlite("NOMEM")),
    "SQLite: no such table, a fault": (None, sqlite("ERROR")),
    "SQLite: a file that is none, a fault": (None, sqlite("NOTADB", DatabaseError)),
    "PostgreSQL: connection refused, no code": (
        DATABASE,
        raised(OperationalError("x"), psycopg.OperationalError("connection refused")),
    ),
    "PostgreSQL: the connection is closed": (
        DATABASE,
        raised(InterfaceError("x"), psycopg.InterfaceError("the connection is closed")),
    ),
    "PostgreSQL: admin_shutdown": (DATABASE, postgresql("57P01")),
    "PostgreSQL: crash_shutdown": (DATABASE, postgresql("57P02")),
    "PostgreSQL: cannot_connect_now": (DATABASE, postgresql("57P03")),
    "PostgreSQL: query_canceled, by statement_timeout": (DATABASE, postgresql("57014")),
    "PostgreSQL: disk_full": (FULL_DATABASE, postgresql("53100")),
    "PostgreSQL: too_many_connections": (DATABASE, postgresql("53300")),
    "PostgreSQL: lock_not_available": (DATABASE, postgresql("55P03")),
    "PostgreSQL: deadlock_detected": (DATABASE, postgresql("40P01")),
    "PostgreSQL: io_error": (DATABASE, postgresql("58030")),
    "PostgreSQL: read_only_sql_transaction": (DATABASE, postgresql("25006", DatabaseError)),
    "PostgreSQL: undefined_table, a fault": (None, postgresql("42P01", ProgrammingError)),
    "ENOSPC": (FULL_DISK, OSError(errno.ENOSPC, "x")),
    "EDQUOT": (FULL_DISK, OSError(errno.EDQUOT, "x")),
    "EFBIG": (FULL_DISK, OSError(errno.EFBIG, "x")),
    "EROFS": (FILES, OSError(errno.EROFS, "x")),
    "EIO": (FILES, OSError(errno.EIO, "x")),
    "EACCES": (FILES, PermissionError(errno.EACCES, "x")),
    "a bucket that is away": (FILES, StorageAway("x")),
    "an error raised from another": (FULL_DISK, raised(ValueError(), OSError(errno.ENOSPC, "x"))),
    "a file that is not there, a fault": (None, FileNotFoundError(errno.ENOENT, "x")),
    "a fault": (None, ValueError("x")),
}


@pytest.mark.parametrize(("expected", "error"), ERRORS.values(), ids=ERRORS)
def test_which_errors_are_an_outage(expected, error):
    assert outages.find(error) == expected


# Every page


@pytest.fixture
def everything(things, tmp_path, settings):
    """AirWow, who is staff, and may use the API; and whoever is not signed in."""
    use_outbox(settings)
    user = things["user"]
    get_user_model().objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(pk=user.pk))
    _row, token = make_token(user, "lettings:write", "enquiries:write", "account:read")
    with override_settings(MEDIA_ROOT=tmp_path):
        yield things | {"client": client, "authorization": f"Bearer {token}"}


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_no_page_answers_500_while_the_database_is_away(verb, everything):
    asked = failed = 0
    for route in everywhere():
        for client in (everything["client"], Client(raise_request_exception=False)):
            address = path(route, everything)
            headers = {"authorization": everything["authorization"]}
            with connection.execute_wrapper(gone):
                answer = client.generic(verb, address, headers=headers, **content(route, verb))
            asked += 1
            failed += check(answer, route)
    assert failed > asked / 4


def gone(*arguments):
    """Raise a new error: one that is raised again and again carries all its tracebacks."""
    raise OperationalError("the connection is lost")


def everywhere():
    known = [route for route in TABLE if not set("(^") & set(route) and "<username>" not in route]
    known = [route for route in known if "<slug" not in route and "<str:token>" not in route]
    admin = [route for route in routes() if route.startswith("admin/")]
    known.remove("sentry-debug/")  # a fault, for whoever may ask for one
    return [*known, *(route for route in admin if not set("(^<") & set(route))]


def content(route, verb):
    if verb == "GET":
        return {}
    if TABLE.get(route) == TOKEN and not route.endswith("photos"):
        return {"data": "{}", "content_type": "application/json"}
    return {"data": "text=x", "content_type": "application/x-www-form-urlencoded"}


def check(answer, route):
    """Check an answer; tell whether it is that of an outage."""
    assert answer.status_code < 500 or answer.status_code in (503, 507), route
    if answer.status_code < 500 or route == "readyz":
        return False
    assert int(answer["Retry-After"]) > 0, route
    assert answer["Cache-Control"] == "no-store", route
    assert "default-src 'none'" in answer["Content-Security-Policy"], route
    if route.startswith("api/"):
        assert answer["Content-Type"] == CONTENT_TYPE, route
        assert answer.json()["status"] == answer.status_code
    else:
        assert "This can't be done just now" in answer.content.decode(), route
        assert answer.status_code == 503
    return True


# What was typed

FORMS = {
    "sign-in": ("accounts/login/", {"login": "AirWow", "password": PASSWORD}),
    "sign-up": ("accounts/signup/", SIGNED_UP | {"password1": PASSWORD, "password2": PASSWORD}),
    "reset": ("accounts/password/reset/", {"email": "airwow@example.org"}),
    "address": ("accounts/email/", {"email": "other@example.org", "action_add": ""}),
    "profile": ("accounts/profile/", {"about": TYPED, "favorite_city": "Rome", "language": "en"}),
    "token": ("accounts/tokens/", {"name": "My script", "days": "30", "scopes": "lettings:write"}),
    "enquiry": ("enquiries/to/<int:letting_id>/", filled_in(text=TYPED)),
    "answer": ("enquiries/<int:enquiry_id>/", {"text": TYPED}),
    "new letting": ("lettings/new/", WORDS | {"description": TYPED, "action": "save"}),
    "draft": ("lettings/drafts/<int:draft_id>/", WORDS | {"description": TYPED, "stamp": "first"}),
    "save": ("lettings/<int:letting_id>/save/", {"action": "save"}),
    "unpublish": ("lettings/<int:letting_id>/unpublish/", {"a": "b"}),
    "delete a letting": ("lettings/<int:letting_id>/delete/", {"a": "b"}),
    "follow": ("profiles/DasLama/follow/", {"action": "follow"}),
    "admin": ("admin/auth/group/add/", {"name": "Keepers"}),
}
SIGNED_OUT = ("sign-in", "sign-up", "reset", "enquiry")


@pytest.mark.parametrize("name", FORMS)
def test_what_was_typed_is_kept_while_nothing_can_be_written(name, everything):
    everything["letting"].published_at = "2026-01-01T00:00Z"
    everything["letting"].save()
    user = get_user_model().objects.get(pk=everything["user"].pk)
    user.set_password(PASSWORD)
    user.email = "airwow@example.org"
    user.save()
    get_user_model().objects.create_user("DasLama")
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(user := get_user_model().objects.get(pk=user.pk))
    client = Client(raise_request_exception=False) if name in SIGNED_OUT else signed_in
    route, form = FORMS[name]
    with read_only(connection):
        answer = client.post(path(route, everything), form)
    assert check(answer, route), answer.content.decode()[:300]
    assert answer.status_code == 503
    assert held(answer) == {k: v for k, v in form.items() if "password" not in k}
    assert PASSWORD not in answer.content.decode()
    assert answer.content.decode().count('type="password"') == sum("password" in k for k in form)


def held(answer):
    """Return the names and values of the fields that a page holds."""
    page = answer.content.decode().partition("<form")[2].partition("</form>")[0]
    fields = re.findall('type="hidden" name="(.*?)" value="(.*?)"', page, re.DOTALL)
    fields += re.findall('name="([^"]*)" rows="8">\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in fields}


def test_what_was_kept_works_when_it_is_sent_again(db):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    letting = make_letting("Haus", host=get_user_model().objects.create_user("ada").profile)
    place = f"/enquiries/to/{letting.pk}/"
    token = client.get(place).context["csrf_token"]
    with read_only(connection):
        answer = client.post(place, filled_in(text=TYPED) | {"csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 503
    assert f'action="{place}"' in answer.content.decode()
    assert not Enquiry.objects.exists()
    assert client.post(place, held(answer)).status_code == 302
    assert Enquiry.objects.get().messages.get().text == TYPED


def test_another_sites_form_is_not_shown(db):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    with read_only(connection):
        answer = client.post("/accounts/login/", {"login": "<b>mallory</b>"})
    assert answer.status_code == 403
    assert "mallory" not in answer.content.decode()


# Files: on a disk that is really full


@pytest.fixture
def ada(db):
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


def test_a_picture_of_oneself_on_a_full_disk(ada, tmp_path):
    form = {"about": TYPED, "language": "en", "first_name": "Ada"}
    with small_disk(tmp_path), override_settings(MEDIA_ROOT=tmp_path):
        fill(tmp_path)
        answer = ada.post("/accounts/profile/", form | {"file": noise()})
    assert answer.status_code == 503
    assert held(answer) == form
    assert 'type="file" id="file-1" name="file"' in answer.content.decode()
    assert 'enctype="multipart/form-data"' in answer.content.decode()


def noise():
    """Return a picture that no encoder makes small."""
    size = (1440, 960)
    file = io.BytesIO()
    Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1])).save(file, "PNG")
    return SimpleUploadedFile("noise.png", file.getvalue(), "image/png")


def test_a_form_whose_file_finds_no_room_while_it_is_read(ada, tmp_path):
    form = {"about": TYPED, "language": "en", "first_name": "Ada"}
    file = SimpleUploadedFile("me.jpg", b"x" * 3_000_000)
    with small_disk(tmp_path), override_settings(FILE_UPLOAD_TEMP_DIR=tmp_path):
        answer = ada.post("/accounts/profile/", {"file": file} | form)
    assert answer.status_code == 503
    assert held(answer) == form
    assert 'type="file" id="file-1" name="file"' in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(errno.ENOSPC, 507), (None, 503)])
def test_the_api_says_507_for_want_of_room_and_503_else(error, status, everything):
    fault = OSError(error, "x") if error else StorageAway("x")
    route = "/api/v1/my/lettings/%s/photos" % everything["letting"].pk
    with mock.patch("lettings.photos.pictures._save", side_effect=fault):
        answer = Client(raise_request_exception=False).post(
            route,
            {"image": upload(), "alt": "A porch"},
            headers={"authorization": everything["authorization"]},
        )
    assert answer.status_code == status, answer.content
    assert check(answer, "api/")


def test_the_api_on_a_full_disk(everything, tmp_path):
    route = "/api/v1/my/lettings/%s/photos" % everything["letting"].pk
    with small_disk(tmp_path), override_settings(MEDIA_ROOT=tmp_path):
        answer = Client(raise_request_exception=False).post(
            route,
            {"image": noise(), "alt": "A porch"},
            headers={"authorization": everything["authorization"]},
        )
    assert answer.status_code == 507, answer.content
