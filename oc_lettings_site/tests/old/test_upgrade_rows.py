"""migrate, on databases that the old Django made: rows, ids, values, tables, numbering."""

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.db import transaction

from lettings.models import Address, Letting
from profiles.models import Profile

from .database import DUMPS

COLUMNS = {
    "letting": "id, title, address_id",
    "profile": "id, favorite_city, user_id",
    "address": "id, number, street, city",
}
APPS = {"letting": "lettings", "profile": "profiles", "address": "lettings"}
NEW = ""
MONOLITH = dict.fromkeys(APPS, "oc_lettings_site")


def read(database, apps):
    return {
        model: database.rows(f"SELECT {columns} FROM {apps[model]}_{model} ORDER BY id")
        for model, columns in COLUMNS.items()
    }


@pytest.mark.parametrize("dump", DUMPS)
def test_every_row_keeps_its_id(old, upgraded, dump):
    before = read(old(dump), APPS if dump == "split" else MONOLITH)
    assert len(before["letting"]) >= 6
    assert but_new_profiles(upgraded(dump), before) == before


def but_new_profiles(database, before, apps=APPS):
    """Read, and leave out the empty profiles of those who had none."""
    rows = read(database, apps)
    users = [user for *_, user in rows["profile"]]
    assert sorted(users) == sorted(database.column("SELECT id FROM auth_user"))
    had = {user for *_, user in before["profile"]}
    assert all(city == "" for _, city, user in rows["profile"] if user not in had)
    return rows | {"profile": [row for row in rows["profile"] if row[2] in had]}


@pytest.mark.parametrize("dump", DUMPS)
def test_the_schema_is_that_of_a_new_database(upgraded, dump):
    schema = upgraded(dump).schema()
    assert schema == upgraded().schema()
    assert "lettings_letting" in str(schema)
    assert "oc_lettings_site" not in str(schema)


@pytest.mark.parametrize("dump", [*DUMPS, NEW])
def test_a_second_time_changes_nothing(make, upgraded, dump):
    database = make(upgraded(dump))
    contents = database.contents()
    database.migrate()
    assert database.contents() == contents


@pytest.mark.parametrize("dump", [*DUMPS, NEW])
def test_numbering_goes_on(make, upgraded, dump):
    database = make(upgraded(dump))  # PostgreSQL takes no number back
    highest = {
        model: max([0, *model.objects.using(database.alias).values_list("pk", flat=True)])
        for model in (Address, Letting, Profile)
    }
    for made in add_one_of_each(database):
        assert made.pk > highest[type(made)]


def test_the_number_of_a_deleted_letting_stays_free(make, old, upgraded):
    """A bookmark of it must not show another letting."""
    before, after = old("awkward"), make(upgraded("awkward"))
    [highest] = before.column("SELECT max(id) FROM oc_lettings_site_letting")
    _, letting, _ = add_one_of_each(after)
    assert letting.pk > highest + 1


def add_one_of_each(database):
    with transaction.atomic(using=database.alias):
        user = User.objects.using(database.alias).create(username="newcomer")
        address = Address.objects.using(database.alias).create(
            number=1, street="New Street", city="Akron", state="OH", zip_code="44301"
        )
        letting = Letting.objects.using(database.alias).create(title="New", address=address)
        profile = Profile.objects.using(database.alias).get(user=user)  # made with the user
        transaction.set_rollback(True, using=database.alias)
    return address, letting, profile


def test_the_codes_fit_the_new_columns(upgraded):
    found = upgraded("awkward").rows(
        "SELECT city, state, zip_code, country_iso_code FROM lettings_address "
        "WHERE number < 20 ORDER BY id"
    )
    assert found == [
        ("Willoughby", "OH", "44094", "USA"),
        ("Boston", "MA", "02134", "USA"),
        ("Holtsville", "NY", "00501", "USA"),
        ("Liège", "WL", "4000", "BEL"),
        ("Paris", "75", "75007", "FRA"),
        ("Reno", "NV", "89501", "USA"),
    ]


@pytest.mark.parametrize("dump", DUMPS)
def test_old_lettings_are_public_since_the_old_site(old, upgraded, dump):
    since = old(dump).column(
        "SELECT applied FROM django_migrations "
        "WHERE app = 'oc_lettings_site' AND name = '0001_initial'"
    )
    database = upgraded(dump)
    assert set(database.column("SELECT published_at FROM lettings_letting")) == set(since)
    lettings = Letting.objects.using(database.alias)
    assert lettings.published().count() == lettings.count()


@pytest.mark.parametrize("dump", DUMPS)
def test_passwords_are_untouched(old, upgraded, dump):
    query = "SELECT username, password, is_superuser, is_staff FROM auth_user ORDER BY id"
    database = upgraded(dump)
    assert database.rows(query) == old(dump).rows(query)
    editor = User.objects.using(database.alias).get(username="editor")
    assert check_password("Abc1234!", editor.password)
