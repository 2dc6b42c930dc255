"""Decide whether older code can run on the schema that newer migrations left behind.

When older code inserts a row, it names all columns that it knows. So it fails if a column was
removed or renamed, or if the database can't fill a new column by itself.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

# Neither takes anything away nor asks anything new of a row.
HARMLESS = {
    "AddIndex": "an index more",
    "AddIndexConcurrently": "an index more",
    "AlterModelManagers": "no change in the database",
    "AlterModelOptions": "no change in the database",
    "AlterModelTableComment": "a comment",
    "BtreeGinExtension": "an extension more",
    "CreateExtension": "an extension more",
    "CreateModel": "a table more",
    "RemoveConstraint": "a rule less",
    "RemoveConstraintNotValid": "a rule less",
    "RemoveIndex": "an index less",
    "RemoveIndexConcurrently": "an index less",
    "RenameIndex": "an index by another name",
    "TrigramExtension": "an extension more",
    "UnaccentExtension": "an extension more",
    "ValidateConstraint": "no change in the database",
}
HARMFUL = {
    "AddConstraint": "the database refuses rows that the older code writes",
    "AlterField": "the column is no longer what the older code takes it for",
    "AlterModelTable": "the older code asks for a table that is gone",
    "AlterUniqueTogether": "the database refuses rows that the older code writes",
    "DeleteModel": "the older code asks for a table that is gone",
    "RemoveField": "the older code asks for a column that is gone",
    "RenameField": "the older code asks for a column that is gone",
    "RenameModel": "the older code asks for a table that is gone",
    "RunPython": "it rewrites data in a way that nobody can read off",
    "RunSQL": "it is SQL that nobody can read off",
}
# A comment by which a person decides what the program can't: "# older-code: runs, because ...".
PROMISE = re.compile(r"^ *# *older-code: *runs, *because +\S", re.MULTILINE)
MIGRATION = re.compile(r"(?P<app>[\w/]+)/migrations/(?P<name>\d{4}_\w+)\.py$")


@dataclass(frozen=True)
class Migration:
    """A migration, by its file: ``lettings.0003_search`` and what it says."""

    app: str
    name: str
    source: str

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


@dataclass(frozen=True)
class Trouble:
    """One operation on which the older code breaks, and how."""

    migration: Migration
    operation: str
    why: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.operation}: {self.why}"


def troubles(migrations: list[Migration]) -> list[Trouble]:
    """Return what in these migrations breaks older code; empty if it can run."""
    return [trouble for migration in migrations for trouble in troubles_of(migration)]


def troubles_of(migration: Migration) -> list[Trouble]:
    """Return what in this migration breaks older code, unless its source says otherwise."""
    if PROMISE.search(migration.source):
        return []
    found = []
    for name, call in on_tables_in_use(migration.source):
        why = complaint(name, call)
        if why:
            found.append(Trouble(migration, f"{name}({subject(call)})", why))
    return found


def complaint(name: str, call: ast.Call) -> str:
    """Return how the operation breaks older code; "" if it doesn't."""
    if name in HARMLESS:
        return ""
    if name == "AddField":
        return "" if fills_itself(call) else "a row without the new column is refused"
    return HARMFUL.get(name, "what it does is not known here")


def on_tables_in_use(source: str) -> list[tuple[str, ast.Call]]:
    """Return the operations but those on a table that the migration itself makes."""
    every = operations(source)
    made = {subject(call).lower() for name, call in every if name == "CreateModel"}
    return [
        (name, call)
        for name, call in every
        if name != "CreateModel" and subject(call).partition(".")[0].lower() not in made
    ]


def operations(source: str) -> list[tuple[str, ast.Call]]:
    """Return the name and call of each operation of a migration's source, the nested ones too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "operations" for target in node.targets
        ):
            return list(flat(node.value))
    return []


def flat(node: ast.expr):
    """Walk a list of operations; of SeparateDatabaseAndState only what the database does."""
    for item in getattr(node, "elts", []):
        if not isinstance(item, ast.Call):
            continue
        name = getattr(item.func, "attr", getattr(item.func, "id", "?"))
        if name == "SeparateDatabaseAndState":
            for keyword in item.keywords:
                if keyword.arg == "database_operations":
                    yield from flat(keyword.value)
        else:
            yield name, item


def fills_itself(call: ast.Call) -> bool:
    """Return whether the database can fill the new column of an AddField by itself."""
    field = argument(call, "field", 2)
    if not isinstance(field, ast.Call):
        return False
    if getattr(field.func, "attr", "") in {"ManyToManyField", "GeneratedField"}:
        return True
    keywords = {keyword.arg: keyword.value for keyword in field.keywords}
    null = keywords.get("null")
    return "db_default" in keywords or (isinstance(null, ast.Constant) and null.value is True)


def argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    """Return an argument by its name or place."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def subject(call: ast.Call) -> str:
    """Return the model and field of an operation, if it names them."""
    words = [argument(call, name, place) for place, name in enumerate(("model_name", "name"))]
    texts = [word.value for word in words if isinstance(word, ast.Constant)]
    return ".".join(str(text) for text in texts)
