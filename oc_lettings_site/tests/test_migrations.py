"""Migrations do the same for ever: they call no code that changes with the site."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from lettings.browsing import orders
from lettings.models import Letting

MIGRATIONS = sorted(
    path.relative_to(settings.BASE_DIR)
    for path in settings.BASE_DIR.glob("*/migrations/[0-9]*.py")
)
APPS = {path.parts[0] for path in MIGRATIONS}
# What carries the old site's rows over serves migrations alone, and has tests on old databases.
FROZEN = "oc_lettings_site.old_data"
# Django writes these names itself, each with its reason in the migration.
BY_NAME = {
    ("background/migrations/0001_outbox_and_jobs.py", "background.models"),
    ("lettings/migrations/0003_search_and_orders.py", "lettings.browsing.keyset"),
    ("profiles/migrations/0009_compared_name.py", "core.text.fields"),
}


def imports(path: Path):
    """Yield the names of the modules that a file imports."""
    for node in ast.walk(ast.parse((settings.BASE_DIR / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_migrations_import_nothing_that_changes():
    live = {
        (str(path), name)
        for path in MIGRATIONS
        for name in imports(path)
        if name.startswith(".") or name.split(".")[0] in APPS | {"core"}
        if not f"{name}.".startswith(f"{FROZEN}.")
    }
    assert live == BY_NAME


@pytest.mark.parametrize(
    "expression, sql",
    [
        (
            orders.PRICE_UP,
            '(CAST(ROUND(COALESCE({t}."price", 1000000) * 100) AS BIGINT)'
            ' * 68719476736 + {t}."id")',
        ),
        (
            orders.PRICE_DOWN,
            '(CAST(ROUND(COALESCE({t}."price", 0) * 100) AS BIGINT)' ' * 68719476736 + {t}."id")',
        ),
        (
            orders.SLEEPS_MOST,
            '(CAST(ROUND(COALESCE({t}."sleeps", 0) * 1) AS BIGINT)' ' * 68719476736 + {t}."id")',
        ),
    ],
)
def test_the_expression_of_an_index_stays_as_it_was_migrated(expression, sql):
    compiler = Letting.objects.all().query.get_compiler(connection=connection)
    found, _params = expression.resolve_expression(compiler.query).as_sql(compiler, connection)
    assert found == sql.format(t='"lettings_letting"')
