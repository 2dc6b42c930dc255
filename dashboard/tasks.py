"""The nightly figures."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from background.jobs import job

from . import figures

# Counts of a day may be written down a little after its end; later ones there are none.
AGAIN = timedelta(days=2)


@job(at=time(2, 30))
def add_up() -> None:
    """Add up the views of the days that are over and have no total, and of the last two again."""
    today = datetime.now(UTC).date()
    figures.add_up(before=today, again_from=today - AGAIN)
