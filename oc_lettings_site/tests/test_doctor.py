"""bin/doctor, manage.py doctor, the boot, and docs/configuration.md: the same words everywhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from oc_lettings_site.settings import env

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text()
ROWS = re.findall(r"^\| `([A-Z_]+)` \|.*\| `([^`]*)` \|$", PAGE, re.MULTILINE)
STRONG_KEY = "vK7-fTq0Zr3LxYw9NcB5mPd8HsJ2gEaU6oRi1tQxWzVnMkLbXyCe4"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": STRONG_KEY,
    "ALLOWED_HOSTS": "lettings.example",
    "DATABASE_URL": "postgres://oc:hunter2@db.example/oc",
}


def run(*command, **variables):
    """Run a program with these variables and no others of ours."""
    kept = {name: value for name, value in os.environ.items() if name not in env.variables}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, "ENVIRONMENT": "test", **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def doctor(**variables):
    return run(sys.executable, "-m", "oc_lettings_site.doctor", **variables)


def test_no_fault():
    result = doctor(**PRODUCTION)
    assert result.returncode == 0, result.stdout
    assert "no fault found" in result.stdout
    assert re.search(r"^ENVIRONMENT +production +environment$", result.stdout, re.MULTILINE)
    assert re.search(r"^RELEASE +unknown +default$", result.stdout, re.MULTILINE)


def test_secrets_are_masked():
    result = doctor(
        **PRODUCTION, REDIS_URL="redis://:hunter2@h/0", SENTRY_DSN="https://hunter2@s.example/1"
    )
    assert STRONG_KEY not in result.stdout
    assert "hunter2" not in result.stdout
    assert "postgres://oc:********@db.example/oc" in result.stdout


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
    result = doctor(**variables)
    assert result.returncode == 1
    assert words in result.stdout
    assert "hunter2" not in result.stdout
    boot = run(sys.executable, "-c", "import oc_lettings_site.settings", **variables)
    assert boot.returncode == 1
    fault = result.stdout[result.stdout.index(words) :].split("\n\n")[0]
    assert fault in boot.stderr
    assert re.search(r"why: .+\n  fix: .+", fault)
    assert "hunter2" not in boot.stderr


def test_manage_py_says_the_same_when_settings_do_not_load():
    result = run(sys.executable, "manage.py", "doctor", DEBUG="maybe")
    assert result.returncode == 1
    assert "DEBUG: found 'maybe', accepted: true or false" in result.stdout
    assert not result.stderr
    result = run(sys.executable, "manage.py", "check", DEBUG="maybe")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "DEBUG: found 'maybe', accepted: true or false" in result.stderr


def test_manage_py_doctor():
    result = run(sys.executable, "manage.py", "doctor")
    assert result.returncode == 0
    assert "no fault found" in result.stdout


def test_the_page_lists_what_settings_read_and_nothing_else():
    assert len(ROWS) == len(set(ROWS))
    assert {name for name, _ in ROWS} == set(env.variables)


def test_the_page_s_examples_are_a_configuration_that_starts():
    examples = dict(ROWS) | {"SECRET_KEY": STRONG_KEY}
    result = doctor(**examples)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count(" environment\n") == len(ROWS)


def test_the_example_of_dotenv_knows_its_names():
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert names
    assert set(names) <= set(env.variables)


def test_dotenv_is_a_developer_s_alone(tmp_path):
    """Neither tests nor production read a stray .env; this clone's own may say anything."""
    code = "import oc_lettings_site.settings as s; print(len(s.env.dotenv), s.LOCAL)"
    for environment in ("test", "production"):
        result = run(sys.executable, "-c", code, **{**PRODUCTION, "ENVIRONMENT": environment})
        assert result.stdout == "0 False\n", result.stderr
