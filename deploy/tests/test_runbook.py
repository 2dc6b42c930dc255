"""The runbook quotes what the programs really say, and what they point to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
# Neighbouring pieces of a message are joined, as Python does.
SOURCES = re.sub(
    r'"\s*\n\s*f?"', "", "\n".join(p.read_text() for p in (ROOT / "deploy").glob("**/*.py"))
)
QUOTED = [
    "its tests did not pass, or have not finished, or it was never pushed to main.",
    "the tree differs from its commit, and what is not committed was never tested:",
    "says that it was built from ",
    "What was pushed there last is not what it runs: its release failed.",
    " refuses the user or the token in ",
    "does not know the user, or has another token than ",
    "gives no more images for now, by the limit of its plan",
    "keeps the image that has this tag, and takes no other for it",
    "gives no access to the repository",
    "does not take this name",
    "does not take this kind of manifest",
    "The server does not accept $",
    "could not be reached, after three attempts",
    "Nothing more was done. When the network is back, type the same again: ",
    "is still running its release process.",
    "which Heroku can't run.",
    "was not touched: it serves ",
    "is not right",
    "it goes on saying commit ",
    ", though all its dynos run v",
    " was put back: the site runs ",
    " back failed too",
    "is not fit to be promoted: ",
    "which was approved.",
    "Nothing was pushed: what nobody approved does not reach production.",
    "can't run on the schema that ",
    "1. Go forward: git revert the faulty commits, not the migrations, and push.",
    "2. Take the migrations back first; what they hold is lost, and the running code may fail",
    "migrations that both commits have differ: ",
    "links to none, so none was looked at",
    "is answered 404: were static files collected?",
    "sets a cookie, so no cache may keep it",
    "the error of request ",
    "the error arrived under release ",
    "no error was made.",
]


# What the site itself says.
SITE = re.sub(
    r'"\s*\n\s*f?"',
    "",
    "\n".join(
        path.read_text()
        for app in ("core", "oc_lettings_site", "background", "enquiries", "lettings")
        for path in (ROOT / app).glob("**/*.py")
        if "tests" not in path.parts
    ),
)
SITE_QUOTED = [
    " got no lock on its table in ",
    "another release is at work",
    "Another release still migrates this database after ",
    "Too many connections",
    "cache: failed: what was written is not there",
    "database: no answer in 1.8 s",
    "Redis doesn't answer",
    " waits for the sweep: the broker is away",
    "no job has run for five minutes: is a worker up, and beat?",
    "NotSetUp: EMAIL_URL is not set",
    " was not taken, try ",
    "its original is not here; is S3_BUCKET set?",
    "is this the database of that bucket, or disk?",
    "the bucket: it did not answer, and is asked again in some seconds",
    " can't be reached (",
    " does not take the password of ",
    " has no folder ",
    " broke off ",
]


@pytest.mark.parametrize("words", SITE_QUOTED)
def test_a_quote_is_what_the_site_says(words):
    assert words in RUNBOOK, "the runbook does not tell of it"
    code = SITE.replace("no answer in {DEADLINE}", "no answer in 1.8")
    assert re.sub("^(cache|database|NotSetUp): ", "", words) in code, "nothing says it"


@pytest.mark.parametrize("words", QUOTED)
def test_a_quote_is_what_a_program_says(words):
    assert words in RUNBOOK, "the runbook does not tell of it"
    code = SOURCES.replace("is answered {page.status}: were", "is answered 404: were")
    assert words in code, "no program says it"


def test_what_the_programs_point_to_is_there():
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in RUNBOOK.splitlines()
        if line.startswith("#")
    }
    pointed = set(re.findall(r"docs/runbook\.md#([a-z-]+)", SOURCES))
    assert pointed and pointed <= headings
