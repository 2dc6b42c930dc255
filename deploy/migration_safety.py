"""Refuse a migration that breaks or blocks the release that still runs while it is applied.

``schema`` knows what breaks older code; this module knows what locks a table in use. Both read the
sources: lint has no PostgreSQL. (django-migration-linter reads
SQL instead, and so knows of indexes only where it is given one.)
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from . import schema_compatibility
from .schema_compatibility import Migration, Trouble

ROOT = Path(__file__).resolve().parent.parent
# The last migration of each app at the first release: what came before met no release that ran.
FIRST_RELEASE = {"lettings": 3, "oc_lettings_site": 4, "profiles": 2}

# A person's word, where a lock does no harm: "# lock: short, because ...".
PROMISE = re.compile(r"^ *# *lock: *short, *because +\S", re.MULTILINE)
LOCKS = "nobody can write to the table until the index is built"
WAYS = {
    "AddField": "give it null=True or a db_default; db_index=False, and an index of its own later",
    "AddIndex": (
        "AddIndexConcurrently of django.contrib.postgres.operations, in a migration of its own "
        "with atomic = False"
    ),
    "AddConstraint": "AddConstraintNotValid, and ValidateConstraint in a later migration",
    "AlterField": "add a second field, fill it, and let the next release take the first away",
    "RemoveField": (
        "in one release take it out of the code (SeparateDatabaseAndState, state_operations) with "
        "the column left nullable, and drop it in the next (database_operations)"
    ),
    "RenameField": "keep the column: db_column. Or add a second field and fill it",
    "RenameModel": "keep the table: Meta.db_table",
}
WAYS |= {"DeleteModel": WAYS["RemoveField"], "AlterModelTable": WAYS["RenameModel"]}
VOUCH = (
    "or vouch for it in the migration, with the reason: '# older-code: runs, because ...' for "
    "what older code meets, '# lock: short, because ...' for an index"
)


def newer_migrations(root: Path) -> list[Migration]:
    """Return the migrations below ``root`` that came after the first release."""
    found = []
    for path in sorted(root.glob("*/migrations/[0-9]*.py")):
        app, number = path.parts[-3], int(path.name[:4])
        if number > FIRST_RELEASE.get(app, 0):
            found.append(Migration(app, path.stem, path.read_text()))
    return found


def troubles(migration: Migration) -> list[Trouble]:
    """Return what in this migration would break or block the running release."""
    return schema_compatibility.troubles_of(migration) + locks(migration)


def locks(migration: Migration) -> list[Trouble]:
    """Return the operations that build an index on a table in use while nobody can write to it."""
    if PROMISE.search(migration.source):
        return []
    return [
        Trouble(migration, f"{name}({schema_compatibility.subject(call)})", LOCKS)
        for name, call in schema_compatibility.on_tables_in_use(migration.source)
        if name == "AddIndex" or (name == "AddField" and has_index(call))
    ]


def has_index(call: ast.Call) -> bool:
    """Return whether the field that an AddField adds comes with an index."""
    field = schema_compatibility.argument(call, "field", 2)
    if not isinstance(field, ast.Call):
        return False
    keywords = {keyword.arg: keyword.value for keyword in field.keywords}

    def given(name: str, default: bool) -> bool:
        return bool(getattr(keywords.get(name), "value", default))

    kind = getattr(field.func, "attr", getattr(field.func, "id", ""))
    by_itself = kind in {"ForeignKey", "OneToOneField", "SlugField"}
    return given("unique", False) or given("db_index", by_itself)


def main() -> int:
    """Check this repository; print each problem with its solution, and return the exit code."""
    found = [trouble for one in newer_migrations(ROOT) for trouble in troubles(one)]
    for trouble in found:
        way = WAYS.get(trouble.operation.partition("(")[0], "split it over two releases")
        print(f"{trouble}\n  fix: {way};\n       {VOUCH}", file=sys.stderr)
    return 1 if found else 0
