"""Migrate back to the monolith, and forward again."""

import pytest

from .test_upgrade_problems import refused, type_it
from .test_upgrade_rows import MONOLITH, but_new_profiles, read

BACK = (("oc_lettings_site", "0001"), ("lettings", "zero"), ("profiles", "zero"))
TYPES = (
    "SELECT id, app_label, model FROM django_content_type WHERE app_label IN "
    "('oc_lettings_site', 'lettings', 'profiles') AND model IN ('address', 'letting', 'profile')"
)


@pytest.fixture(scope="module")
def old_tables(make, upgraded):
    """The monolith after the first of the commands, for tests that leave it as it is."""
    database = make(upgraded("monolith"))
    database.migrate(*BACK[0])
    return database


def test_rows_ids_and_references_go_back(make, old, old_tables):
    before, database = old("monolith"), make(old_tables)
    for step in BACK[1:]:
        database.migrate(*step)
    addresses = "SELECT * FROM oc_lettings_site_address ORDER BY id"
    rows = read(before, MONOLITH)
    assert but_new_profiles(database, rows, MONOLITH) == rows
    assert database.rows(addresses) == before.rows(addresses)
    assert sorted(database.rows(TYPES)) == sorted(before.rows(TYPES))
    if database.connection.vendor == "sqlite":
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'oc_lettings_site_letting'"
    else:
        query = "SELECT last_value FROM oc_lettings_site_letting_id_seq"
    assert database.column(query) == [6]
    for table in ("django_admin_log", "auth_group_permissions", "auth_user_user_permissions"):
        assert database.contents()[table] == before.contents()[table]
    assert [
        name for name in database.tables() if name.startswith(("lettings_", "profiles_"))
    ] == []


def test_forward_again(make, upgraded):
    expected, database = upgraded("awkward"), make(upgraded("awkward"))
    for step in BACK:
        database.migrate(*step)
    database.migrate()
    assert database.schema() == expected.schema()
    contents = database.contents()
    for table in ("lettings_letting", "profiles_profile", "lettings_address", "django_admin_log"):
        assert contents[table] == expected.contents()[table]
    types = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert database.rows(types) == expected.rows(types)


def test_forward_from_the_first_of_the_three_commands(make, upgraded, old_tables):
    """It alone makes the old tables; Django gives the empty new ones content types."""
    database = make(old_tables)
    assert len(database.rows("SELECT * FROM oc_lettings_site_letting")) == 6
    assert database.rows("SELECT * FROM lettings_letting") == []
    database.migrate()
    assert database.schema() == upgraded("monolith").schema()
    types = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert database.rows(types) == upgraded("monolith").rows(types)


def test_zip_codes_that_were_no_numbers_then(make, upgraded):
    database = make(upgraded("monolith"))
    awkward = (("02134-1000", "USA"), ("SW1A", "GBR"), ("0123", "BEL"))
    for key, (zip_code, country) in enumerate(awkward, start=1):
        database.rows(
            "UPDATE lettings_address SET zip_code = %s, country_iso_code = %s WHERE id = %s",
            zip_code,
            country,
            key,
        )
    said = refused(database, *BACK[0])
    for key, (zip_code, _) in enumerate(awkward, start=1):
        assert f"lettings_address {key}: the old site keeps zip codes as numbers" in said
        assert f"'{zip_code}' is none or would lose its zeros" in said
    type_it(database, said, "12134")
    database.migrate(*BACK[0])
    query = "SELECT zip_code FROM oc_lettings_site_address WHERE id < 4"
    assert database.column(query) == [12134] * 3


def test_house_numbers_that_were_no_numbers_then(make, upgraded):
    database = make(upgraded("monolith"))
    set_to = "UPDATE lettings_address SET number = 0, house_number = %s WHERE id = %s"
    for key, house in enumerate(("12A", "37-15", "N6W23001"), start=1):
        database.rows(set_to, house, key)
    for step in (("lettings", "0010"), BACK[0]):
        said = refused(database, *step)
        assert "lettings_address 2: house numbers were numbers before, and '37-15' is" in said
    type_it(database, said, "12")
    assert database.column("SELECT number FROM lettings_address WHERE id < 4") == [12] * 3
    database.migrate("lettings", "0010")


def test_a_draft_would_become_public(make, upgraded):
    database = make(upgraded("monolith"))
    database.rows("UPDATE lettings_letting SET published_at = NULL WHERE id = 5")
    said = refused(database, *BACK[1])
    assert "lettings_letting 5: it is a draft, and the old site shows every letting" in said
    type_it(database, said)
    assert database.column("SELECT id FROM lettings_letting WHERE published_at IS NULL") == []
