"""docs/delivery.md: every variable of the way, and where it is set."""

import json
import re
from pathlib import Path

from tools.circleci.config import CONTEXTS, read

ROOT = Path(__file__).parents[3]
NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
# What the programs set for others, and never read themselves.
HANDED_ON = {
    "BUILDX_NO_DEFAULT_ATTESTATIONS",
    "DOCKER_BUILDKIT",
    "DOCKER_CONFIG",
    "REHEARSAL_RUN",
}


def table():
    """Return the rows of the table, by each name in their first cell."""
    text = (ROOT / "docs" / "delivery.md").read_text().partition("\n## Variables\n")[2]
    text = text.partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return {name: row for row in rows for name in re.findall(r"`(\w+)`", row[0])}


def programs():
    """Return the names that stand in the release programs as texts of their own."""
    sources = (path for path in (ROOT / "deploy").rglob("*.py"))
    found = set()
    for path in sources:
        if not {"tests", "build"} & set(path.relative_to(ROOT).parts):
            found |= set(re.findall(rf'"({NAME})"', path.read_text()))
    part = (ROOT / "bin" / "test-part").read_text()
    return found - HANDED_ON | set(re.findall(r"\$\{(CIRCLE_\w+)", part))


def workflow():
    """Return the names that the workflow gives to jobs or asks of CircleCI."""
    found = set()
    for stage in read(ROOT / ".circleci" / "config.yml").stages:
        if stage.job:
            found |= set(stage.job.environment)
            for step in stage.job.steps:
                found |= set(re.findall(r"\$(\w+)", step.command))
    return found


def test_every_variable_has_its_row():
    asked = programs() | workflow() | set(json.loads((ROOT / "app.json").read_text())["env"])
    assert "HEROKU_API_KEY" in asked and "CIRCLE_SHA1" in asked
    assert asked - set(table()) == set()


def test_no_row_is_for_what_nobody_reads():
    settings = (ROOT / "docs" / "configuration.md").read_text()
    asked = programs() | workflow() | set(re.findall(r"^\| `(\w+)`", settings, re.MULTILINE))
    assert set(table()) - asked == set()


def test_every_row_says_what_where_and_what_it_was():
    for name, row in table().items():
        assert len(row) == 4 and all(cell.strip() for cell in row), name


def test_what_a_context_holds_is_what_the_table_says():
    told = {context: set() for context in CONTEXTS}
    for name, row in table().items():
        for context in re.findall(r"CircleCI, context `([\w-]+)`", row[2]):
            told[context].add(name)
    assert told == {context: set(names) for context, names in CONTEXTS.items()}
