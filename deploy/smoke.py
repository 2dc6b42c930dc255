"""bin/smoke URL: check that public pages answer correctly, with the right headers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import urllib3

from .cli_arguments import parser
from .commits import short
from .cli import Stop, main, say
from .heroku.public_url import address
from .runner import RETRIES, reason

# What a person has to see on the page, from the original site.
PAGES = {
    "/": "Holiday Homes",
    "/lettings/": "Lettings",
    "/profiles/": "Profiles",
}
# What there is to be seen, as programs are told.
API = "/api/v1/lettings"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
SLOW = 5.0


@dataclass(frozen=True)
class Response:
    """What came for a path; headers by any spelling of their names."""

    path: str
    status: int
    headers: urllib3.HTTPHeaderDict
    text: str
    seconds: float


@dataclass(frozen=True)
class Finding:
    """The result of one check: what was checked, and what is wrong ("": nothing).

    ``note`` is a remark on a good result.
    """

    what: str
    wrong: str
    seconds: float = 0.0
    note: str = ""


class Visitor:
    """Fetches pages of one site, each once."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.http = urllib3.PoolManager(timeout=30, retries=RETRIES)
        self.seen: dict[str, Response] = {}

    def get(self, path: str) -> Response:
        """Return the page at a path; raise Stop if nothing answers."""
        if path not in self.seen:
            start = time.monotonic()
            try:
                answer = self.http.request(
                    "GET",
                    urljoin(self.url + "/", path),
                    headers={"Accept-Encoding": "gzip", "User-Agent": "oc-lettings-smoke"},
                    redirect=False,
                )
            except urllib3.exceptions.HTTPError as error:
                raise Stop(
                    f"{self.url}{path} gives no answer: {reason(error)}\n"
                    "  Is the address right, and does the site run? docs/runbook.md"
                ) from None
            text = answer.data.decode(errors="replace")
            seconds = time.monotonic() - start
            self.seen[path] = Response(path, answer.status, answer.headers, text, seconds)
        return self.seen[path]


def findings(visitor: Visitor, commit: str) -> Iterator[Finding]:
    """Run every check; yield one finding after the other."""
    yield from probes(visitor, commit)
    for path, words in PAGES.items():
        yield public(visitor.get(path), words)
    yield letting(visitor)
    yield headers(visitor.get("/"), visitor.url.startswith("https:"))
    yield static(visitor)
    missing = visitor.get("/this-page-is-not-there/")
    wrong = "" if missing.status == 404 else f"is answered {missing.status}"
    yield Finding("a page that isn't there", wrong, missing.seconds)


def letting(visitor: Visitor) -> Finding:
    """Check the first letting; a new site has none, which is no fault."""
    found = re.search(r'href="(/lettings/\d+/)"', visitor.get("/lettings/").text)
    if found:
        return public(visitor.get(found[1]), "")
    none = "/lettings/ links to none"
    try:
        known = json.loads(visitor.get(API).text)["items"]
    except (ValueError, KeyError, TypeError):
        return Finding("a letting", f"{none}, and {API} is answered {visitor.get(API).status}")
    if known:
        return Finding("a letting", f"{none}, and {API} has some")
    return Finding("a letting", "", note=f"{none}, so none was looked at: publish one at /admin/")


def probes(visitor: Visitor, commit: str) -> Iterator[Finding]:
    """Check the probes."""
    for path in ("/livez", "/readyz"):
        page = visitor.get(path)
        wrong = "" if page.status == 200 else f"{page.status}: {page.text.strip()[:200]}"
        yield Finding(path, wrong, page.seconds)
    page = visitor.get("/version")
    said = re.search(r'"commit": *"([^"]*)"', page.text)
    wrong = "" if said else f"{page.status}, and no commit"
    if said and commit and not said[1].startswith(commit):
        wrong = f"says commit {short(said[1])}, not {short(commit)}"
    yield Finding(f"/version {short(said[1])}" if said else "/version", wrong, page.seconds)


def public(page: Response, words: str) -> Finding:
    """Check a public page: its status, content, compression and speed, and no cookies."""
    wrongs = []
    if page.status != 200:
        wrongs.append(f"is answered {page.status}")
    elif words and words not in page.text:
        wrongs.append(f"does not say '{words}'")
    else:
        if "Set-Cookie" in page.headers:
            wrongs.append("sets a cookie, so no cache may keep it")
        if page.headers.get("Content-Encoding") != "gzip":
            wrongs.append("is not compressed")
        if page.seconds > SLOW:
            wrongs.append(f"took {page.seconds:.1f} s")
    return Finding(page.path, ", ".join(wrongs), page.seconds)


def headers(page: Response, secure: bool) -> Finding:
    """Check the security headers."""
    wanted = HEADERS | ({"Strict-Transport-Security": "max-age="} if secure else {})
    wrong = [f"{n} lacks '{v}'" for n, v in wanted.items() if v not in page.headers.get(n, "")]
    return Finding("security headers", "; ".join(wrong))


def static(visitor: Visitor) -> Finding:
    """Check the first style sheet: found, and cached for a year under its hashed name."""
    found = re.search(r'href="(/static/[^"]+\.css)"', visitor.get("/").text)
    if not found:
        return Finding("style sheet", "the home page links to none")
    page = visitor.get(found[1])
    if page.status != 200:
        return Finding(found[1], f"is answered {page.status}: were static files collected?")
    kept = "immutable" in page.headers.get("Cache-Control", "")
    return Finding("style sheet", "" if kept else "is not kept for a year", page.seconds)


def smoke(url: str, commit: str) -> None:
    """Print a line for each finding; raise Stop if one is wrong."""
    wrong = 0
    for finding in findings(Visitor(url), commit):
        mark = "FAIL" if finding.wrong else "note" if finding.note else "ok"
        words = finding.wrong or finding.note
        milliseconds = f"{finding.seconds * 1000:.0f} ms" if finding.seconds else ""
        say(f"  {mark:4} {finding.what:34} {milliseconds:>8}  {words}".rstrip())
        wrong += bool(finding.wrong)
    if wrong:
        raise Stop(f"{wrong} check(s) failed at {url}.\n  What to do: docs/runbook.md")
    say(f"smoke: {url} passed all checks")


def program(argv: list[str]) -> None:
    """Check the site with these arguments."""
    words = parser("smoke", __doc__, commit="the commit that has to be live")
    words.add_argument("url", metavar="URL", help="an address, or heroku:APP")
    given = words.parse_args(argv)
    url = address(given.url, given.dry_run)
    if given.dry_run:
        paths = ["/livez", "/readyz", "/version", *PAGES, "/lettings/$ID/", "/static/$CSS"]
        for path in [*paths, "/this-page-is-not-there/"]:
            say(f"  GET {url.rstrip('/')}{path}")
        return
    smoke(url, given.commit)


if __name__ == "__main__":
    main(program)
