"""The nightly job that adds up views."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from background.jobs import job

from . import figures

# Counts of a day may be saved shortly after its end, but not later.
AGAIN = timedelta(days=2)


@job(at=time(2, 30))
def add_up() -> None:
    """Add up the views of past days without a total, and of the last two days again."""
    today = datetime.now(UTC).date()
    figures.add_up(before=today, again_from=today - AGAIN)
