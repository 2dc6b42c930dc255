"""Data that can't be migrated stops migrate before any change, with what to type."""

import re

import pytest
from django.core.management import CommandError
from django.db.migrations.executor import MigrationExecutor


def refused(database, *arguments):
    """Return what migrate says when it stops, having changed nothing."""
    before = database.contents(), database.schema()
    with pytest.raises(CommandError) as caught:
        database.migrate(*arguments)
    assert (database.contents(), database.schema()) == before
    return str(caught.value)


def type_it(database, words, value=""):
    """Type what the words say to type."""
    commands = re.findall("-> (.*;)", words)
    assert commands
    for command in commands:
        database.rows(command.replace("'?'", f"'{value}'").replace("= ?", f"= {value}"))


WORDS = {"state": "two letters or digits", "country_iso_code": "three letters (ISO 3166-1)"}
BAD = [
    ("state", ""),
    ("state", "g"),
    ("state", "- "),
    ("country_iso_code", "US"),
    ("country_iso_code", "U5A"),
    ("country_iso_code", "ÉÉÉ"),
]


def test_codes_that_do_not_fit(make, old):
    database = make(old("monolith"))
    for key, (column, bad) in enumerate(BAD, start=1):
        database.rows(f"UPDATE oc_lettings_site_address SET {column} = %s WHERE id = %s", bad, key)
    said = refused(database)
    for key, (column, bad) in enumerate(BAD, start=1):
        must = f"{column} is {bad!r}; it must be {WORDS[column]}, such as"
        assert f"oc_lettings_site_address {key}: {must}" in said
    assert "nothing was changed" in said
    type_it(
        database, said.replace("SET country_iso_code = '?'", "SET country_iso_code = 'USA'"), "GA"
    )
    database.migrate()
    assert database.column("SELECT state FROM lettings_address WHERE id < 4") == ["GA"] * 3


def test_a_code_that_does_not_fit_in_the_first_split(make, old):
    database = make(old("split"))
    database.rows("UPDATE lettings_address SET state = '--'")
    said = refused(database)
    assert said.count("lettings_address") == 12


def test_many_problems_are_counted(make, old):
    database = make(old("split"))
    for more in (100, 200, 300, 400):
        database.rows(
            "INSERT INTO lettings_address "
            f"SELECT id + {more}, number, street, city, '--', zip_code, country_iso_code "
            "FROM lettings_address WHERE id < 100"
        )
    assert "... and 4 more" in refused(database)


@pytest.mark.parametrize(
    "table, column, target",
    [("letting", "address_id", "oc_lettings_site_address"), ("profile", "user_id", "auth_user")],
)
def test_a_row_that_points_to_nothing(make, old, table, column, target):
    database = make(old("monolith"))
    if database.connection.vendor == "postgresql":
        return  # its foreign keys let no such row in
    database.rows("PRAGMA foreign_keys = OFF")
    database.rows(f"UPDATE oc_lettings_site_{table} SET {column} = 999 WHERE id = 2")
    said = refused(database)
    assert f"oc_lettings_site_{table} 2: {column} is 999, and {target} has no such row" in said


def test_old_tables_that_say_otherwise(make, old):
    """The site has been used since the split; the old tables were left behind."""
    database = make(old("split_unfinished"))
    database.rows("UPDATE lettings_letting SET title = 'Newer' WHERE id = 2")
    said = refused(database)
    assert "oc_lettings_site_letting has rows that lettings_letting lacks" in said
    assert "their ids begin with: 2." in said
    type_it(database, said)
    database.migrate()
    found = database.column("SELECT title FROM lettings_letting WHERE id = 2")
    assert found == ["Newer"]


def test_the_migration_itself_drops_no_row_that_is_nowhere_else(make, old):
    """For what is written between the look at the data and the migration."""
    database = make(old("split_unfinished"))
    database.rows("UPDATE lettings_letting SET title = 'Newer' WHERE id = 2")
    executor = MigrationExecutor(database.connection)
    with pytest.raises(CommandError, match="lettings_letting lacks"):
        executor.migrate([("oc_lettings_site", "0004_carry_the_old_data_over")])
    assert len(database.rows("SELECT * FROM oc_lettings_site_letting")) == 6


def test_rows_that_were_left_behind(make, old, upgraded):
    database = make(old("split_unfinished"))
    database.rows("DELETE FROM lettings_letting WHERE id > 4")
    database.rows("DELETE FROM lettings_address WHERE id > 4")
    database.rows("DELETE FROM profiles_profile WHERE id = 2")
    said = refused(database)
    assert "their ids begin with: 5, 6." in said
    type_it(database, said)
    database.migrate()
    expected = upgraded("split_unfinished").contents()
    assert database.contents()["lettings_letting"] == expected["lettings_letting"]
    assert database.contents()["profiles_profile"] == expected["profiles_profile"]


def test_old_tables_that_were_copied_and_left(make, old, upgraded):
    database = make(old("split_unfinished"))
    record_the_last_of_the_split(database)
    database.migrate()
    assert database.contents() == upgraded("split_unfinished").contents()


def record_the_last_of_the_split(database):
    database.rows(
        "INSERT INTO django_migrations (app, name, applied) "
        "SELECT 'oc_lettings_site', '0003_auto_20211217_1139', max(applied) FROM django_migrations"
    )
