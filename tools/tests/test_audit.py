"""The audit: what pip-audit lists, in words; and a list that can't be had is no clean one."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version
from pip_audit._format.json import JsonFormat
from pip_audit._service.interface import (
    ResolvedDependency,
    SkippedDependency,
    VulnerabilityResult,
)

from tools.audit import LOCKS, asking, judge

ROOT = Path(__file__).parents[2]


def listed(*packages):
    """Return pip-audit's own list of (name, version, vulnerabilities)."""
    result = {
        ResolvedDependency(name, Version(version)): [
            VulnerabilityResult(number, "", [Version(fix) for fix in fixes], set())
            for number, fixes in found
        ]
        for name, version, found in packages
    }
    return json.loads(JsonFormat(False, False).format(result, []))["dependencies"]


def test_nothing_known_is_nothing_said():
    assert judge(listed(("django", "5.2.8", []), ("gunicorn", "23.0", []))) == ""


def test_a_vulnerability_is_named_with_what_to_type():
    said = judge(
        listed(
            ("django", "5.2.1", [("PYSEC-2026-1", ["5.2.2", "6.0.1"]), ("CVE-2", ["5.2.3"])]),
            ("pillow", "12.0", [("GHSA-3", ["12.1"])]),
            ("gunicorn", "23.0", []),
        )
    )
    assert "django 5.2.1: PYSEC-2026-1, fixed in 5.2.2, 6.0.1" in said
    assert "https://osv.dev/vulnerability/GHSA-3" in said
    assert "bin/lock --upgrade-package django --upgrade-package pillow\n" in said
    assert "gunicorn" not in said


def test_what_nothing_fixes_is_not_to_be_upgraded():
    said = judge(listed(("pillow", "12.0", [("GHSA-3", [])])))
    assert "pillow 12.0: GHSA-3, no release fixes it yet" in said
    assert "--upgrade-package" not in said


def test_what_could_not_be_looked_up_is_not_safe():
    skipped = SkippedDependency("sqlparse", "not found on PyPI")
    packages = json.loads(JsonFormat(False, False).format({skipped: []}, []))["dependencies"]
    said = judge(packages + listed(("django", "5.2.8", [])))
    assert said.startswith("1 of 2 packages could not be looked up: not found on PyPI")
    assert judge([]).startswith("0 of 0 packages could not be looked up")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_asked_about_as_it_stands(lock):
    assert (ROOT / lock).exists()
    assert asking(lock)[-4:] == ["--require-hashes", "--disable-pip", "--requirement", lock]


def test_without_a_network_it_fails_and_says_so():
    environment = os.environ | {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [ROOT / "bin" / "audit"], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 1
    assert done.stderr.startswith("\naudit: pip-audit gave no list of requirements-dev.txt")
    assert "Traceback" not in done.stderr and "type the same again" in done.stderr
