"""Find data that can't be migrated, or migrated back, before ``migrate`` changes anything."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration

from .schema import TABLES, existing_tables, rows
from .values import code, zip_text

ADDRESS, LETTING, PROFILE = TABLES
SHOWN = 20
# The migration that changes the columns: before it the values are those of the old site.
NEW_COLUMNS = ("lettings", "0002_what_a_visitor_sees")
# The migration that takes house numbers as texts: before it they are numbers.
HOUSE_NUMBERS = ("lettings", "0011_house_numbers")


def stop_early(*, plan: list[tuple[Migration, bool]], using: str, **kwargs: Any) -> None:
    """Receive ``pre_migrate``; raises CommandError if the plan would meet a problem."""
    checks = {
        (NEW_COLUMNS, False): way_forward,
        (NEW_COLUMNS, True): way_back,
        (HOUSE_NUMBERS, True): house_numbers,
    }
    problems = []
    for migration, backwards in plan:
        find = checks.get(((migration.app_label, migration.name), backwards))
        problems += find(connections[using]) if find else []
    refuse(problems)


def refuse(problems: list[str]) -> None:
    """Raise CommandError with the problems, if there is one."""
    if not problems:
        return
    more = len(problems) - SHOWN
    shown = problems[:SHOWN] + ([f"... and {more} more"] if more > 0 else [])
    raise CommandError(
        "The data can't be migrated as it is; nothing was changed.\n\n"
        + "\n".join(shown)
        + "\n\nType what follows each arrow into: python manage.py dbshell"
        + "\nThen run the same command again. docs/upgrade.md tells more."
    )


def way_forward(connection: BaseDatabaseWrapper) -> list[str]:
    """Return what keeps old rows from fitting the new tables."""
    existing = existing_tables(connection)
    problems = stray_rows(connection)
    for name in sorted({ADDRESS.old, ADDRESS.new} & existing):
        problems += _bad_codes(connection, name)
    for table, column, target in (
        (LETTING.old, "address_id", ADDRESS.old),
        (LETTING.new, "address_id", ADDRESS.new),
        (PROFILE.old, "user_id", "auth_user"),
        (PROFILE.new, "user_id", "auth_user"),
    ):
        if table in existing:
            problems += _dangling(connection, table, column, target)
    return problems


def way_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Return what the monolith could not hold, or would show against the owner's will."""
    problems = []
    addresses = rows(
        connection, f"SELECT id, zip_code, country_iso_code FROM {ADDRESS.new} ORDER BY id"
    )
    for key, zip_code, country in addresses:
        if not re.fullmatch("[0-9]{1,9}", zip_code) or (
            zip_text(int(zip_code), country) != zip_code
        ):
            problems.append(
                f"{ADDRESS.new} {key}: the old site keeps zip codes as numbers, "
                f"and {zip_code!r} is none or would lose its zeros.\n"
                f"  -> UPDATE {ADDRESS.new} SET zip_code = '?' WHERE id = {key};"
            )
    drafts = f"SELECT id FROM {LETTING.new} WHERE published_at IS NULL ORDER BY id"
    for (key,) in rows(connection, drafts):
        problems.append(
            f"{LETTING.new} {key}: it is a draft, and the old site shows every letting.\n"
            f"  -> UPDATE {LETTING.new} SET published_at = CURRENT_TIMESTAMP WHERE id = {key};\n"
            f"  or delete it in the admin."
        )
    return problems


def house_numbers(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the house numbers that are no numbers, and would be lost with their column."""
    texts = "number = 0 AND house_number != ''"
    found = f"SELECT id, house_number FROM {ADDRESS.new} WHERE {texts} ORDER BY id"
    return [
        f"{ADDRESS.new} {key}: house numbers were numbers before, and {house!r} is none.\n"
        f"  -> UPDATE {ADDRESS.new} SET number = ?, house_number = '' WHERE id = {key};"
        for key, house in rows(connection, found)
    ]


def stray_rows(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the rows of the monolith's tables that the tables of the first split don't have.

    Where a new table is empty there are none: all of its rows are yet to come over.
    """
    existing = existing_tables(connection)
    problems = []
    for table in TABLES:
        if not {table.old, table.new} <= existing:
            continue
        if not rows(connection, f"SELECT id FROM {table.new} LIMIT 1"):
            continue
        strays = rows(
            connection,
            f"SELECT {table.columns} FROM {table.old} "
            f"EXCEPT SELECT {table.columns} FROM {table.new} ORDER BY id",
        )
        if strays:
            keys = ", ".join(str(row[0]) for row in strays[:SHOWN])
            problems.append(
                f"{table.old} has rows that {table.new} lacks or has with other values; "
                f"their ids begin with: {keys}.\n"
                f"  Those whose id is missing there can be brought over:\n"
                f"  -> INSERT INTO {table.new} ({table.columns}) SELECT {table.columns} "
                f"FROM {table.old} WHERE id NOT IN (SELECT id FROM {table.new});"
            )
    if problems:
        left = [table.old for table in (LETTING, ADDRESS, PROFILE) if table.old in existing]
        problems.append(
            "If what the site shows now is right, throw away what the split left behind:\n"
            + "\n".join(f"  -> DROP TABLE {name};" for name in left)
        )
    return problems


def _bad_codes(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    problems = []
    for column, pattern, wanted in (
        ("state", "[A-Z0-9]{2}", "two letters or digits, such as GA"),
        ("country_iso_code", "[A-Z]{3}", "three letters (ISO 3166-1), such as USA"),
    ):
        for key, value in rows(connection, f"SELECT id, {column} FROM {table} ORDER BY id"):
            if not re.fullmatch(pattern, code(str(value))):
                problems.append(
                    f"{table} {key}: {column} is {value!r}; it must be {wanted}.\n"
                    f"  -> UPDATE {table} SET {column} = '?' WHERE id = {key};"
                )
    return problems


def _dangling(connection: BaseDatabaseWrapper, table: str, column: str, target: str) -> list[str]:
    return [
        f"{table} {key}: {column} is {value}, and {target} has no such row.\n"
        f"  -> UPDATE {table} SET {column} = ? WHERE id = {key};\n"
        f"  or -> DELETE FROM {table} WHERE id = {key};"
        for key, value in rows(
            connection,
            f"SELECT id, {column} FROM {table} "
            f"WHERE {column} NOT IN (SELECT id FROM {target}) ORDER BY id",
        )
    ]
