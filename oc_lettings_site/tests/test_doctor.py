"""bin/doctor, manage.py doctor, the boot, and docs/configuration.md: the same words everywhere."""

import importlib.util
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from core.env import BadEnvironment
from oc_lettings_site.doctor import report
from oc_lettings_site.settings import env

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text()
ROWS = re.findall(r"^\| `([A-Z0-9_]+)` \|.*\| `([^`]*)` \|$", PAGE, re.MULTILINE)
STRONG_KEY = "vK7-fTq0Zr3LxYw9NcB5mPd8HsJ2gEaU6oRi1tQxWzVnMkLbXyCe4"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": STRONG_KEY,
    "ALLOWED_HOSTS": "lettings.example",
    "DATABASE_URL": "postgres://oc:hunter2@db.example/oc",
}


def run(*command, **variables):
    """Run a program with these variables and no others of ours."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**others(), "ENVIRONMENT": "test", **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def others():
    return {name: value for name, value in os.environ.items() if name not in env.variables}


def load(**variables):
    """Read the settings afresh with these variables; return the Env, or raise BadEnvironment."""
    spec = importlib.util.find_spec("oc_lettings_site.settings")
    module = importlib.util.module_from_spec(spec)
    with mock.patch.dict(os.environ, {**others(), **variables}, clear=True):
        spec.loader.exec_module(module)
    return module


def examined(**variables):
    """What the doctor makes of these variables: its exit code and its words."""
    out = io.StringIO()
    try:
        found = load(**variables).env
    except BadEnvironment as error:
        found = error.env
    return report(found, out), out.getvalue()


def test_no_fault():
    code, words = examined(**PRODUCTION)
    assert code == 0, words
    assert "no fault found" in words
    assert re.search(r"^ENVIRONMENT +production +environment$", words, re.MULTILINE)
    assert re.search(r"^RELEASE +unknown +default$", words, re.MULTILINE)


@pytest.mark.parametrize(
    "hosts", ["https://lettings.example", "lettings.example:443", "lettings.example/", ",", "a b"]
)
def test_hosts_that_no_request_ever_has(hosts):
    code, words = examined(**PRODUCTION | {"ALLOWED_HOSTS": hosts})
    assert code == 1
    assert f"ALLOWED_HOSTS: found {hosts!r}, accepted: host names without scheme and port" in words


def test_hosts_that_requests_have():
    hosts = ".herokuapp.com, lettings.example, 10.1.2.3, [::1]"
    code, words = examined(**PRODUCTION | {"ALLOWED_HOSTS": hosts})
    assert code == 0, words
    assert ".herokuapp.com,lettings.example,10.1.2.3,[::1]" in words


def test_secrets_are_masked():
    urls = {"REDIS_URL": "redis://:hunter2@h/0", "SENTRY_DSN": "https://hunter2@s.example/1"}
    _, words = examined(**PRODUCTION, **urls)
    assert STRONG_KEY not in words
    assert "hunter2" not in words
    assert "postgres://oc:********@db.example/oc" in words


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY: not set"),
        ({"SECRET_KEY": "hunter2"}, "SECRET_KEY: found 7 characters, 50 or more"),
        ({"SECRET_KEY": "ab" * 30}, "SECRET_KEY: found 2 different characters"),
        ({"SECRET_KEY": "only-for-development-and-tests"}, "SECRET_KEY: found a development key"),
        ({"SECRET_KEY": "django-insecure-" + STRONG_KEY}, "SECRET_KEY: found a development key"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS: not set"),
        ({"ALLOWED_HOSTS": "a.example,*"}, "ALLOWED_HOSTS: found '*'"),
        ({"DATABASE_URL": ""}, "DATABASE_URL: not set"),
        ({"DATABASE_URL": "mysql://u:hunter2@h/n"}, "found 'mysql://u:********@h/n', accepted:"),
        ({"DATABASE_URL": "postgres://u:hunter2@h:x/n"}, "found 'postgres://u:********@h:x/n'"),
        ({"DATABASE_URL": "postgres://u:hunter2@h"}, "found 'postgres://u:********@h', accepted"),
        ({"DEBUG": "true"}, "DEBUG: found true"),
        ({"SENTRY_DNS": "https://hunter2@h/1"}, "did you mean SENTRY_DSN?"),
        ({"WEB_THREADS": "0"}, "WEB_THREADS: found '0', accepted: a whole number, 1 or more"),
    ],
)
def test_production_stops_with_the_doctor_s_words(variables, words):
    variables = {**PRODUCTION, **variables}
    code, said = examined(**variables)
    assert code == 1
    assert words in said
    assert "hunter2" not in said
    fault = said[said.index(words) :].split("\n\n")[0]
    assert re.search(r"why: .+\n  fix: .+", fault)
    with pytest.raises(BadEnvironment) as boot:
        load(**variables)
    assert fault in str(boot.value)


def test_the_program_needs_no_settings_that_load():
    result = run("bin/doctor", **{**PRODUCTION, "DEBUG": "maybe"})
    assert result.returncode == 1
    assert "DEBUG: found 'maybe', accepted: true or false" in result.stdout
    assert re.search(
        r"^ALLOWED_HOSTS +lettings.example +environment$", result.stdout, re.MULTILINE
    )
    assert not result.stderr


def test_manage_py_says_the_same_when_settings_do_not_load():
    result = run(sys.executable, "manage.py", "doctor", DEBUG="maybe")
    assert result.returncode == 1
    assert "DEBUG: found 'maybe', accepted: true or false" in result.stdout
    assert not result.stderr
    result = run(sys.executable, "manage.py", "check", DEBUG="maybe")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "DEBUG: found 'maybe', accepted: true or false" in result.stderr


def test_gunicorn_says_the_same_once_and_without_a_traceback():
    result = run(sys.executable, "-m", "gunicorn", **{**PRODUCTION, "SECRET_KEY": ""})
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.count("SECRET_KEY: not set") == 1
    assert "hunter2" not in result.stderr


def test_manage_py_doctor():
    result = run(sys.executable, "manage.py", "doctor")
    assert result.returncode == 0
    assert "no fault found" in result.stdout


def test_the_page_lists_what_settings_read_and_nothing_else():
    assert len(ROWS) == len(set(ROWS))
    assert {name for name, _ in ROWS} == set(env.variables)


def test_the_page_s_examples_are_a_configuration_that_starts():
    code, words = examined(**dict(ROWS) | {"SECRET_KEY": STRONG_KEY})
    assert code == 0, words
    assert words.count(" environment\n") == len(ROWS)


def test_the_example_of_dotenv_knows_its_names():
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert names
    assert set(names) <= set(env.variables)


@pytest.mark.parametrize(
    ("environment", "read"),
    [("", True), ("development", True), ("test", False), ("production", False)],
)
def test_dotenv_is_a_developer_s_alone(environment, read, monkeypatch):
    """Neither tests nor production read a stray .env."""
    monkeypatch.setattr("dotenv.dotenv_values", lambda path: {"RELEASE": "from .env"})
    monkeypatch.delitem(sys.modules, "pytest")
    settings = load(**{**PRODUCTION, "ENVIRONMENT": environment})
    assert (settings.RELEASE == "from .env") is read
    assert bool(settings.env.dotenv) is read
