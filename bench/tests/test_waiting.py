"""How long a person waits: what is read from .ci/run, and the page that is written."""

import subprocess
import sys

import pytest

from bench import waiting

PRINTED = """
=== The tests [12 s since the start]
     9 s of nothing
=== All passed in 207 s
   112 s  ok     The README's test command, with coverage of branches
    95 s  FAILED The browser story in Chromium
"""


def test_the_page_has_each_round_the_median_and_each_step_of_ci():
    page = waiting.page([130.2, 110.4, 112.3], [PRINTED])
    assert "3 times: 130, 110, 112; the median is 112." in page
    assert "`.ci/run`: 207 s." in page
    assert "| 112 | ok | The README's test command, with coverage of branches |\n" in page
    assert page.endswith("| 95 | FAILED | The browser story in Chromium |\n")


def test_tests_that_fail_are_no_measurement():
    with pytest.raises(subprocess.CalledProcessError):
        waiting.seconds_of([sys.executable, "-c", "raise SystemExit(1)"])
