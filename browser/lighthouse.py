"""Run Lighthouse on each kind of page and write down its scores: ``bin/lighthouse``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from .pages import PATHS, ROOMS, SESSION, who
from .site import GUEST, HOST, ROOT, STAFF_NAME, Site, chromium, running_site

VERSION = "13.5.0"
PUBLIC = ("home", "index", "letting", "profile", "api")
# These ask search engines to stay away, which the SEO score would count against them.
OWN = (
    *("write", "sign-up", "sign-in", "by-link", "answered", "host-enquiries", "host-lettings"),
    *("edit", "host-figures", "tokens", "factors", "guest-sessions", "site-figures"),
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
TRIES = 3  # whatever else the machine does slows the page down
SEEN_BY = {None: "everyone", HOST: "a host", GUEST: "a guest", STAFF_NAME: "staff"}


def path(name: str, site: Site) -> str:
    """Return the path of a page."""
    return site.addresses.get(name) or PATHS.get(name) or ROOMS[name].path


def judge(name: str, site: Site) -> dict[str, int]:
    """Return the score of each category, 0 to 100, for a page as who may see it sees it."""
    person = who(name)
    skip = ["--skip-audits=is-crawlable"] if name in OWN else []
    headers = {"Cookie": f"{SESSION}={site.cookies[person]}"} if person else {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        subprocess.run(
            [
                *("npx", "--yes", f"lighthouse@{VERSION}", site.address + path(name, site)),
                *("--quiet", "--output=json", f"--output-path={report}"),
                *(f"--extra-headers={json.dumps(headers)}", *skip),
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


def judge_well(name: str, site: Site) -> dict[str, int]:
    """Return the scores of a page; one below the bar, or a run that failed, has further tries."""
    for tries_left in reversed(range(TRIES)):
        try:
            scores = judge(name, site)
        except subprocess.CalledProcessError:
            if tries_left:
                continue
            raise
        print(f"  {scores}", flush=True)
        if min(scores.values()) >= LEAST:
            break
    return scores


def table(scores: dict[str, dict[str, int]], site: Site) -> str:
    """Write the scores as a page.

    >>> print(table({"home": dict.fromkeys(CATEGORIES, 99)}, Site("")).splitlines()[-1])
    | home | `/` | everyone | 99 | 99 | 99 | 99 |
    """
    lines = [
        "# Lighthouse",
        "",
        f"Scores of Lighthouse {VERSION} as a phone with a slow connection;",
        f"made by `bin/lighthouse` on {date.today():%d %B %Y}, which fails below {LEAST}",
        f"(a page that does is judged again, {TRIES} times in all: other programs take its time).",
        "Pages of one's own and forms ask search engines to stay away; SEO is judged without.",
        "",
        "| page | path | seen by | performance | accessibility | best practices | SEO |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for page, score in scores.items():
        numbers = " | ".join(str(score[category]) for category in CATEGORIES)
        place = re.sub(":[^/]+", ":…", path(page, site))  # the guest's key
        lines.append(f"| {page} | `{place}` | {SEEN_BY[who(page)]} | {numbers} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Judge the pages, write readme/lighthouse.md, and fail if a score is too low."""
    if chromium() is None:
        sys.exit("lighthouse: no Chromium or Chrome on this machine; type: apt install chromium")
    scores = {}
    with running_site() as site:
        for page in (*PUBLIC, *OWN):
            print(f"{page}:", flush=True)
            scores[page] = judge_well(page, site)
        (ROOT / "readme/lighthouse.md").write_text(table(scores, site))
    if any(score < LEAST for page in scores.values() for score in page.values()):
        sys.exit(f"lighthouse: a score is below {LEAST}")


if __name__ == "__main__":
    main()
