"""Checks at the start: no development on a platform, no production without static files."""

import io
import os
import sys
from unittest import mock

import pytest

from core.env import BadEnvironment, Env
from oc_lettings_site import doctor, platforms, start_checks

from .test_doctor import PRODUCTION, load, run

NAMES = [(platform.name, name) for platform in platforms.PLATFORMS for name in platform.variables]
COMMANDS = {
    "gunicorn": ("-m", "gunicorn"),
    "gunicorn without our configuration": (
        *("-m", "gunicorn", "--config", os.devnull, "--bind", "127.0.0.1:0"),
        "oc_lettings_site.wsgi",
    ),
    "runserver": ("manage.py", "runserver", "--noreload", "127.0.0.1:0"),
    "runserver_plus": ("manage.py", "runserver_plus", "127.0.0.1:0"),
    "another server": ("-c", "import sys; sys.argv = ['uwsgi']; import oc_lettings_site.wsgi"),
}


def environment(name, source="environment", **others):
    """The Env of a process with this ENVIRONMENT, and these variables around it."""
    env = Env({"ENVIRONMENT": name, **others} if source == "environment" else others)
    env.choice("ENVIRONMENT", "development", ("development", "test", "staging", "production"))
    return env


def faults(env, server=""):
    start_checks.note_faults(env, server)
    return [fault.found for fault in env.faults]


@pytest.fixture
def collected(tmp_path, monkeypatch):
    """Static files that were collected."""
    monkeypatch.setattr(start_checks, "STATIC_ROOT", tmp_path)
    (tmp_path / start_checks.MANIFEST).write_text("{}")


@pytest.mark.parametrize(("platform", "name"), NAMES)
@pytest.mark.parametrize("explicit", [True, False])
def test_development_does_not_answer_where_a_platform_s_marks_are(platform, name, explicit):
    env = environment("development", "environment" if explicit else "default", **{name: "1"})
    assert faults(env) == [f"found development, on {platform} (there is {name})"]


def test_nor_do_tests(collected):
    assert faults(environment("test", DYNO="web.1"))


@pytest.mark.parametrize("name", ["staging", "production"])
def test_a_deployed_site_does(name, collected):
    assert faults(environment(name, DYNO="web.1"), "gunicorn") == []


def test_a_platform_may_be_known_by_what_is_on_its_disk(tmp_path):
    there = platforms.Platform("Beans", (), "https://beans.example", path=str(tmp_path))
    with mock.patch.object(platforms, "PLATFORMS", (there,)):
        assert faults(environment("development")) == [
            f"found development, on Beans (there is {tmp_path})"
        ]


def test_each_platform_says_where_its_marks_are_documented():
    for platform in platforms.PLATFORMS:
        assert platform.documentation.startswith("https://")
        assert platform.variables or platform.path
    assert len(set(platforms.VARIABLES)) == len(platforms.VARIABLES)


def test_a_server_wants_an_explicit_word():
    assert faults(environment("development", "default"), "gunicorn") == [
        "not set, and gunicorn serves"
    ]
    assert faults(environment("development"), "gunicorn") == []
    assert faults(environment("development", "default")) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_server_starts_in_development_on_a_platform(command):
    answer = run(sys.executable, *COMMANDS[command], ENVIRONMENT="development", DYNO="web.1")
    assert answer.returncode != 0
    assert "found development, on Heroku (there is DYNO)" in answer.stderr


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"runserver", "runserver_plus"}))
def test_no_server_but_runserver_starts_in_development_unasked(command):
    answer = run(sys.executable, *COMMANDS[command], ENVIRONMENT="")
    assert answer.returncode != 0
    assert "ENVIRONMENT: not set, and " in answer.stderr


@pytest.mark.parametrize("server", ["gunicorn", "gunicorn without our configuration"])
def test_production_does_not_start_without_its_static_files(server, tmp_path):
    """DISABLE_COLLECTSTATIC=1: it would answer every page 500."""
    nowhere = tmp_path / "sitecustomize.py"
    nowhere.write_text(
        "import pathlib, oc_lettings_site.start_checks as s\n"
        f"s.STATIC_ROOT = pathlib.Path({str(tmp_path)!r})\n"
    )
    path = os.pathsep.join([str(tmp_path), str(start_checks.STATIC_ROOT.parent)])
    answer = run(sys.executable, *COMMANDS[server], **PRODUCTION, PYTHONPATH=path)
    assert answer.returncode != 0
    assert "staticfiles.json is not there: they were not collected" in answer.stderr
    assert "DISABLE_COLLECTSTATIC" in answer.stderr


class TestDoctor:
    def examined(self, monkeypatch, **variables):
        """What the doctor says in a process with these variables."""
        env = load(**variables).env
        out = io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(env, "source", variables)
        with mock.patch("oc_lettings_site.settings.env", env):
            return doctor.main(), out.getvalue()

    def test_development_on_a_platform(self, monkeypatch):
        code, words = self.examined(monkeypatch, ENVIRONMENT="development", RENDER="true")
        assert code == 1
        assert "ENVIRONMENT: found development, on Render (there is RENDER)" in words

    def test_missing_static_files(self, monkeypatch, tmp_path):
        monkeypatch.setattr(start_checks, "STATIC_ROOT", tmp_path)
        code, words = self.examined(monkeypatch, **PRODUCTION)
        assert code == 1
        assert "static files: " in words and "heroku config:unset DISABLE_COLLECTSTATIC" in words

    def test_all_well(self, monkeypatch, collected):
        code, words = self.examined(monkeypatch, **PRODUCTION, DYNO="web.1")
        assert code == 0, words


def test_the_words_are_the_doctor_s():
    env = environment("development", DYNO="web.1")
    with pytest.raises(BadEnvironment, match="on Heroku"):
        start_checks.stop_unless_fit(env)
