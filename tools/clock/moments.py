"""Run the tests at moments unlike others, each in a process of its own: bin/test-dates."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "var" / "test-dates"

# For moved.py. The years lie ahead, so that a day that a test wrote as one to come is over.
# Clocks change on the last Sunday of March and October in Europe (directive 2000/84/EC), on the
# second Sunday of March and the first one of November in the USA (15 U.S.C. 260a), here at two
# in California: three hours after New York.
MOMENTS = {
    "New Year": "2029-12-31T23:59:00Z/2030-01-01T00:00:00Z",
    "29 February": "2028-02-29T23:58:30Z",
    "the first of a month, still February in the USA": "2029-03-01T00:00:30Z",
    "the clocks of the USA go forward": "2029-03-11T09:59:30Z/2029-03-11T10:00:00Z",
    "the clocks of the USA go back": "2029-11-04T08:59:30Z/2029-11-04T09:00:00Z",
    "the clocks of Europe go forward": "2030-03-31T00:59:30Z/2030-03-31T01:00:00Z",
    "the clocks of Europe go back": "2030-10-27T00:59:30Z/2030-10-27T01:00:00Z",
    "a minute to midnight, in Paris the next day": "2029-06-14T23:59:00Z",
}
# Every test runs at every moment, so that none has to be chosen. Only these run at the first
# alone: they start the site as programs, upgrade old databases, or try thousands of requests and
# pictures that know no day, and take longer than all the others.
ONCE = (
    "deploy",
    "rehearsal",
    "tools",
    "docs",
    "bench",
    "oc_lettings_site/tests/test_hostile.py",
    "oc_lettings_site/tests/test_outages.py",
    "oc_lettings_site/tests/test_greedy_clients.py",
    "core/files/images/tests",
    "oc_lettings_site/tests/test_log_secrets.py",
    "oc_lettings_site/tests/test_headers.py",
    "core/tests/test_sentry.py",
    "oc_lettings_site/tests/test_start_checks.py",
    "oc_lettings_site/tests/test_debug_pages.py",
    "oc_lettings_site/tests/old",
    "oc_lettings_site/tests/test_api_contract.py",
    "core/tests/test_databases.py",
    "core/tests/test_health.py",
    "lettings/tests/test_pictures.py",
    "oc_lettings_site/tests/test_untranslated.py",
    "oc_lettings_site/tests/test_doctor.py",
    "oc_lettings_site/tests/test_process.py",
    "core/tests/test_release_phase.py",
    "background/tests/test_sender_killed.py",
    "background/tests/test_worker_killed.py",
    "lettings/tests/test_pictures_in_s3.py",
)


def main() -> None:
    """Run the tests at every moment, as many at once as there are processors."""
    LOGS.mkdir(parents=True, exist_ok=True)
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {pool.submit(run, name): name for name in MOMENTS}
        for run_of_one in as_completed(runs):
            passed, words = run_of_one.result()
            print(words, flush=True)
            if not passed:
                failed.append(runs[run_of_one])
    if failed:
        sys.exit(f"test-dates: tests failed at: {'; '.join(failed)}")


def run(name: str) -> tuple[bool, str]:
    """Run the tests at a moment; return whether they passed, and words to print."""
    log = LOGS / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.log"
    began = time.monotonic()
    with log.open("w") as file:
        done = subprocess.run(
            command(name), cwd=ROOT, env=environment(name), stdout=file, stderr=subprocess.STDOUT
        )
    lines = log.read_text().splitlines() or ["(no output)"]
    seconds = f"[{time.monotonic() - began:.0f} s]"
    if done.returncode == 0:
        return True, f"ok    {name} ({MOMENTS[name]}): {lines[-1]} {seconds}"
    again = f"again: TEST_MOMENT={MOMENTS[name]} bin/test PATH"
    words = [f"FAIL  {name} ({MOMENTS[name]}) {seconds}; {again}; the last words of {log}:"]
    return False, "\n".join(words + lines[-60:])


def command(name: str) -> list[str]:
    """Return the command that runs the tests of a moment."""
    options = ["--quiet", "--no-header", "--show-capture=no", "-rfE"]
    pytest = [sys.executable, "-m", "pytest", *options]
    if name == next(iter(MOMENTS)):
        return pytest
    setup = ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg")
    kept = [
        path for path in setup["tool:pytest"]["testpaths"].split() if not path.startswith(ONCE)
    ]
    return [*pytest, *(f"--ignore={path}" for path in ONCE), *kept]


def environment(name: str) -> dict[str, str]:
    """Return the variables of a run.

    SQLite in memory, since several run at once. No real bucket: it refuses what is signed on
    another day, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
    """
    kept = {key: value for key, value in os.environ.items() if key != "TEST_S3_URL"}
    return {**kept, "DATABASE_URL": "", "TEST_MOMENT": MOMENTS[name]}


if __name__ == "__main__":
    main()
