"""The moments of bin/test-dates are what they are named after, and the clock is moved there."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tools.clock import moments

TEST = """
import subprocess, sys
from datetime import UTC, datetime

BEGAN = datetime.now(UTC)
DAY = "from datetime import UTC, datetime; print(datetime.now(UTC).date())"

def days():
    child = subprocess.check_output([sys.executable, "-c", DAY], text=True)
    return {str(BEGAN.date()), str(datetime.now(UTC).date()), child.strip()}

def test_before():
    assert days() == {"2029-12-31"}

def test_after():
    assert days() == {"2029-12-31", "2030-01-01"}
"""
CALIFORNIA, PARIS = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/Paris")


def begin_and_end(name):
    begin, _, end = moments.MOMENTS[name].partition("/")
    return datetime.fromisoformat(begin), end and datetime.fromisoformat(end)


@pytest.mark.parametrize(
    "name, zone, change",
    [
        ("the clocks of the USA go forward", CALIFORNIA, timedelta(hours=1)),
        ("the clocks of the USA go back", CALIFORNIA, timedelta(hours=-1)),
        ("the clocks of Europe go forward", PARIS, timedelta(hours=1)),
        ("the clocks of Europe go back", PARIS, timedelta(hours=-1)),
    ],
)
def test_the_clock_changes_there(name, zone, change):
    begin, end = begin_and_end(name)
    assert begin < end
    offsets = [moment.astimezone(zone).utcoffset() for moment in (begin, end)]
    assert offsets[1] - offsets[0] == change


def test_a_minute_to_midnight_it_is_another_day_elsewhere():
    begin, _end = begin_and_end("a minute to midnight, in Paris the next day")
    days = [begin.astimezone(zone).day for zone in (CALIFORNIA, UTC, PARIS)]
    assert days == [14, 14, 15]


def test_a_run_of_tests_goes_there_and_its_children_too(tmp_path):
    """As the root's conftest.py moves the clock, in a run of its own."""
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "conftest.py").write_text((moments.ROOT / "conftest.py").read_text())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env={**moments.environment("New Year"), "PYTHONPATH": str(moments.ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "clock: moved to 2029-12-31 23:59:0" in done.stdout


def test_every_test_runs_at_every_moment_but_for_those_named():
    first, *others = moments.MOMENTS
    assert not any("--ignore" in word for word in moments.command(first))
    for path in moments.ONCE:
        assert (moments.ROOT / path).exists(), f"{path} is gone: take it out of ONCE"
    for name in others:
        assert {"lettings", "enquiries", "dashboard"} < set(moments.command(name))


def test_a_failure_names_its_moment(monkeypatch, tmp_path):
    monkeypatch.setattr(moments, "LOGS", tmp_path)
    print_and_fail = [
        sys.executable,
        "-c",
        "import os; exit(os.environ['TEST_MOMENT'] + ' fails')",
    ]
    monkeypatch.setattr(moments, "command", lambda name: print_and_fail)
    passed, words = moments.run("29 February")
    assert not passed
    assert words.splitlines()[-1] == "2028-02-29T23:58:30Z fails"
    assert "29 February (2028-02-29T23:58:30Z)" in words
    assert "TEST_MOMENT=2028-02-29T23:58:30Z bin/test" in words
    monkeypatch.setattr(moments, "MOMENTS", {"29 February": "2028-02-29T23:58:30Z"})
    with pytest.raises(SystemExit, match="29 February"):
        moments.main()
