"""bin/hostile: it finds the attacks, counts what comes back, and its exit code tells."""

from contextlib import nullcontext
from email.message import Message

import pytest

from tools.hostile import run
from tools.hostile.tally import Answer, Tally

OURS = Message()
OURS["Content-Security-Policy"] = "default-src 'none'"


@pytest.mark.parametrize(
    ("status", "headers", "expect", "words"),
    [
        (200, OURS, (), ""),
        (415, OURS, {415}, ""),
        (503, OURS, {503}, ""),
        (0, Message(), {0}, ""),
        (200, OURS, {415}, "200 instead of [415]: asked"),
        (503, OURS, (), "503: asked"),
        (500, OURS, {415}, "500: asked"),
        (400, Message(), {400}, "a raw 400: asked"),
        (500, Message(), {400}, "500, a raw 500: asked"),
        (0, Message(), (), "no answer: asked"),
    ],
)
def test_what_came_back_is_counted(status, headers, expect, words):
    tally = Tally()
    tally.count("asked", Answer(status, headers, b"", 0.1), expect)
    assert tally.requests == 1
    assert tally.failures == bool(words)
    assert tally.examples == [words][: bool(words)]
    assert tally.server_errors == (status >= 500 and status not in expect)
    assert tally.unanswered == (status == 0 and 0 not in expect)


def test_only_the_first_failures_are_told_in_words():
    tally = Tally()
    for number in range(50):
        tally.fail(str(number))
    assert (tally.failures, len(tally.examples)) == (50, 10)


def test_each_attack_says_what_it_sends():
    for name, attack in run.find().items():
        assert callable(attack)
        module = __import__(attack.__module__, fromlist=["attack"])
        assert module.__doc__, f"{name} has no docstring"


def test_an_attack_that_is_not_there():
    with pytest.raises(SystemExit, match="no attack nonsense; there are: .*charsets"):
        run.find(["nonsense"])


@pytest.mark.parametrize(("answers", "code"), [([True, True], 0), ([True, False], 1)])
def test_the_exit_code_tells(monkeypatch, answers, code):
    monkeypatch.setenv("HOSTILE_POSTGRES_URL", "postgres://host/name")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://host/0")
    monkeypatch.setattr(run.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(run, "database", lambda server: nullcontext(f"{server}-made"))
    started = []

    def run_all(chosen, **variables):
        started.append(variables)
        return answers.pop(0)

    monkeypatch.setattr(run, "run_all", run_all)
    assert run.main(["charsets"]) == code
    database = {"DATABASE_URL": "postgres://host/name-made", "REDIS_URL": "redis://host/0"}
    assert started == [{}, database]


def test_a_production_start_withstands(prepared, capfd):
    """One attack, on SQLite; ``bin/hostile`` runs them all, on PostgreSQL with Redis too."""
    assert run.run_all(run.find(["addresses"])), capfd.readouterr().out
