"""Runs Lighthouse on the four kinds of page and writes down its scores: ``bin/lighthouse``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from .pages import PATHS
from .site import ROOT, chromium, running_site

VERSION = "13.5.0"
PAGES = ("home", "index", "letting", "profile")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95


def judge(url: str) -> dict[str, int]:
    """Give the score of each category, 0 to 100, for the page at ``url``."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        subprocess.run(
            [
                *("npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet"),
                *("--output=json", f"--output-path={report}"),
                f"--only-categories={','.join(CATEGORIES)}",
                "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            ],
            env={**os.environ, "CHROME_PATH": chromium() or ""},
            check=True,
        )
        found = json.loads(report.read_text())
    for audit in found["audits"].values():
        if audit["scoreDisplayMode"] in ("binary", "numeric") and (audit["score"] or 0) < 0.9:
            print(f"  {audit['id']}: {audit.get('displayValue') or audit['title']}")
    return {
        category: round((found["categories"][category]["score"] or 0) * 100)
        for category in CATEGORIES
    }


def table(scores: dict[str, dict[str, int]]) -> str:
    """Write the scores as a page.

    >>> print(table({"home": dict.fromkeys(CATEGORIES, 99)}).splitlines()[-1])
    | home | `/` | 99 | 99 | 99 | 99 |
    """
    lines = [
        "# Lighthouse",
        "",
        f"Scores of Lighthouse {VERSION} as a phone with a slow connection;",
        f"made by `bin/lighthouse` on {date.today():%d %B %Y}, which fails below {LEAST}.",
        "",
        "| page | path | performance | accessibility | best practices | SEO |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for page, score in scores.items():
        numbers = " | ".join(str(score[category]) for category in CATEGORIES)
        lines.append(f"| {page} | `{PATHS[page]}` | {numbers} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Judge the pages, write readme/lighthouse.md, and fail if a score is too low."""
    if chromium() is None:
        sys.exit("lighthouse: no Chromium or Chrome on this machine; type: apt install chromium")
    scores = {}
    with running_site() as address:
        for page in PAGES:
            print(f"{page}:", flush=True)
            scores[page] = judge(address + PATHS[page])
            print(f"  {scores[page]}", flush=True)
    (ROOT / "readme/lighthouse.md").write_text(table(scores))
    if any(score < LEAST for page in scores.values() for score in page.values()):
        sys.exit(f"lighthouse: a score is below {LEAST}")


if __name__ == "__main__":
    main()
