"""A release can't overlap another, and an older one never comes after a newer."""

from rehearsal.pipeline.pipelines import SerialGroups


def test_one_at_a_time():
    groups = SerialGroups()
    assert groups.ask("heroku", 1) == "running"
    assert groups.ask("heroku", 2) == "waiting"
    assert groups.ask("other", 2) == "running"
    groups.leave("heroku")
    assert groups.ask("heroku", 2) == "running"


def test_a_newer_one_overtakes_an_older_one_that_waits():
    groups = SerialGroups()
    groups.ask("heroku", 1)
    assert groups.ask("heroku", 2) == "waiting"
    assert groups.ask("heroku", 3) == "waiting"
    assert groups.ask("heroku", 2) == "not_run"
    groups.leave("heroku")
    assert groups.ask("heroku", 3) == "running"


def test_an_older_one_does_not_run_while_a_newer_one_does():
    groups = SerialGroups()
    groups.ask("heroku", 5)
    assert groups.ask("heroku", 4) == "not_run"
