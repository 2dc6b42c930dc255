"""bin/audit: known vulnerabilities in what is locked, and what to type against each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.cli import Stop, main, say

ROOT = Path(__file__).resolve().parents[1]
# The first holds all of requirements.txt and of requirements-deploy.txt.
LOCKS = (
    "requirements-dev.txt",
    "requirements-browser.txt",
    "deploy/flower/requirements.txt",
    "rehearsal/images/sentry/requirements.txt",
)


def asking(lock: str) -> list[str]:
    """Return the command that asks PyPI about each release in a lock, without installing any."""
    argv = [str(Path(sys.executable).with_name("pip-audit")), "--progress-spinner", "off"]
    return [*argv, "--format", "json", "--require-hashes", "--disable-pip", "--requirement", lock]


def judge(packages: Sequence[Mapping[str, Any]]) -> str:
    """Return the problems of the packages that pip-audit lists; empty if there are none.

    A package that could not be looked up counts: nobody knows whether it is safe.
    """
    unknown = [package for package in packages if "skip_reason" in package]
    if unknown or not packages:
        reason = unknown[0]["skip_reason"] if unknown else "the list is empty"
        return (
            f"{len(unknown)} of {len(packages)} packages could not be looked up: {reason}\n"
            "  Whether they are safe is not known. Is https://pypi.org/pypi/django/json reachable?"
        )
    lines, fixed = [], []
    for package in packages:
        for found in package["vulns"]:
            fixes = found["fix_versions"]
            cure = f"fixed in {', '.join(fixes)}" if fixes else "no release fixes it yet"
            lines.append(f"    {package['name']} {package['version']}: {found['id']}, {cure}")
            lines.append(f"      https://osv.dev/vulnerability/{found['id']}")
            if fixes and package["name"] not in fixed:
                fixed.append(package["name"])
    if not lines:
        return ""
    upgrade = " ".join(f"--upgrade-package {name}" for name in fixed)
    cures = [f"  Type: bin/lock {upgrade}", "  and then: make test"] if fixed else []
    cures += ["  Where nothing fixes it: read what it is about; do without the package, or wait."]
    return "\n".join(["known vulnerabilities are in what is locked:", *lines, *cures])


def audit(lock: str) -> list[dict[str, Any]]:
    """Return pip-audit's list for one lock; raise Stop if it has none."""
    done = subprocess.run(asking(lock), cwd=ROOT, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        words = done.stderr.strip().splitlines()[-1:]
        listed = "\n".join(f"    {line}" for line in words)
        raise Stop(
            f"pip-audit gave no list of {lock}, so nothing is known:\n{listed}\n"
            "  It asks https://pypi.org; type the same again once that can be reached."
        ) from None


def program(argv: list[str]) -> None:
    """Ask about every lock; Stop unless nothing is known against any package."""
    packages = [package for lock in LOCKS for package in audit(lock)]
    against = judge(packages)
    if against:
        raise Stop(against)
    say(f"audit: nothing is known against {len(packages)} packages")


if __name__ == "__main__":
    main(program)
