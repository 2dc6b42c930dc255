"""Move the clock of a run of tests, and of the Python programs that its tests start.

TEST_MOMENT says to which moment, in ISO 8601: ``2028-02-29T23:58:30Z``. The clock ticks on from
there. Of an interval, ``2029-12-31T23:59:00Z/2030-01-01T00:00:00Z``, the end comes when half of
the tests have run, or earlier if they take that long: so there are tests on both sides of it,
however fast the machine.

What keeps its own clock: programs other than Python (PostgreSQL, Redis, git, a shell), a Python
whose environment a test writes anew, the dates of files, and every monotonic clock.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

IN_CHILDREN = Path(__file__).parent / "in_children"


class MovedClock:
    """A plugin of pytest, which moves the clock as soon as it is made."""

    def __init__(self, moment: str) -> None:
        begin, _, end = moment.partition("/")
        self._end = datetime.fromisoformat(end) if end else None
        self._half = self._run = 0
        self._traveller = time_machine.travel(datetime.fromisoformat(begin).timestamp()).start()

    def _move_children(self) -> None:
        offset = time.time() - time_machine.escape_hatch.time.time()
        os.environ["TEST_CLOCK_OFFSET"] = str(offset)

    def pytest_report_header(self) -> str:
        """Return the moment, for the first lines of the run."""
        return f"clock: moved to {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how many tests are half of them, and move the clocks of what they start.

        Earlier would be too early: workers of xdist move their own.
        """
        self._half = len(session.items) // 2
        path = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(IN_CHILDREN), path]))
        self._move_children()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Reach the end of the interval at half of the tests."""
        self._run += 1
        if self._end and self._run > self._half and datetime.now(UTC) < self._end:
            self._traveller.move_to(self._end.timestamp())
            self._move_children()
