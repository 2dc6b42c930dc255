"""migrate repoints what refers to a content type of the old app, and to its permissions."""

import pytest
from django.contrib.contenttypes.models import ContentType

from .database import DUMPS

PERMISSIONS = (
    "SELECT t.app_label, p.codename FROM auth_permission p "
    "JOIN django_content_type t ON t.id = p.content_type_id "
)


@pytest.mark.parametrize("dump", DUMPS)
def test_content_types_are_those_of_a_new_database(upgraded, dump):
    query = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert upgraded(dump).rows(query) == upgraded().rows(query)


@pytest.mark.parametrize("dump", DUMPS)
def test_permissions_are_those_of_a_new_database(upgraded, dump):
    query = PERMISSIONS + "ORDER BY 1, 2"
    assert upgraded(dump).rows(query) == upgraded().rows(query)


@pytest.mark.parametrize("dump", DUMPS)
def test_users_and_groups_keep_their_permissions(upgraded, dump):
    database = upgraded(dump)
    of_user = PERMISSIONS + "JOIN auth_user_user_permissions u ON u.permission_id = p.id"
    of_group = PERMISSIONS + "JOIN auth_group_permissions g ON g.permission_id = p.id"
    since = {("lettings", "delete_letting")} if dump.startswith("split") else set()
    assert sorted(database.rows(of_user)) == sorted(
        {("lettings", "add_address"), ("lettings", "change_letting")} | since
    )
    assert sorted(database.rows(of_group)) == [
        ("auth", "view_user"),
        ("lettings", "change_letting"),
        ("profiles", "view_profile"),
    ]


@pytest.mark.parametrize("dump", DUMPS)
def test_the_admin_log_tells_of_the_same_things(old, upgraded, dump):
    query = (
        "SELECT l.id, l.object_id, l.object_repr, t.model, t.app_label FROM django_admin_log l "
        "JOIN django_content_type t ON t.id = l.content_type_id ORDER BY l.id"
    )
    before, after = old(dump).rows(query), upgraded(dump).rows(query)
    assert len(before) >= 7
    assert [row[:4] for row in after] == [row[:4] for row in before]
    assert {row[3:] for row in after} == {("letting", "lettings"), ("profile", "profiles")}


def test_sessions_stay(old, upgraded):
    query = "SELECT * FROM django_session"
    assert len(old("monolith").rows(query)) == 1
    assert upgraded("monolith").rows(query) == old("monolith").rows(query)


def test_a_table_of_another_app_is_repointed_too(make, old):
    """Rows that would repeat another are merged into it, at any distance."""
    database = make(old("split"))
    database.rows(
        "CREATE TABLE notes_tag (id integer PRIMARY KEY, word varchar(9), content_type_id integer "
        "REFERENCES django_content_type (id), "
        "CONSTRAINT notes_tag_once UNIQUE (word, content_type_id))"
    )
    database.rows(
        "CREATE TABLE notes_use (id integer PRIMARY KEY, tag_id integer REFERENCES notes_tag (id))"
    )
    types = {
        (app, model): key
        for key, app, model in database.rows(
            "SELECT id, app_label, model FROM django_content_type"
        )
    }
    was, now = types["oc_lettings_site", "letting"], types["lettings", "letting"]
    for row in ((1, "good", was), (2, "good", now), (3, "only old", was), (4, "only new", now)):
        database.rows("INSERT INTO notes_tag VALUES (%s, %s, %s)", *row)
    for row in ((1, 1), (2, 2), (3, 3)):
        database.rows("INSERT INTO notes_use VALUES (%s, %s)", *row)
    database.migrate()
    kept = "SELECT app_label, model FROM django_content_type WHERE id = %s"
    assert database.rows(kept, was) == [("lettings", "letting")]
    assert sorted(database.rows("SELECT * FROM notes_tag")) == [
        (1, "good", was),
        (3, "only old", was),
        (4, "only new", was),
    ]
    assert sorted(database.rows("SELECT * FROM notes_use")) == [(1, 1), (2, 1), (3, 3)]


def test_the_old_content_types_keep_their_numbers(old, upgraded):
    """So that what refers to them without a foreign key is right as well."""
    query = "SELECT id, model FROM django_content_type WHERE app_label LIKE %s ORDER BY id"
    before = old("monolith").rows(query, "oc_lettings_site")
    types = ContentType.objects.using(upgraded("monolith").alias)
    assert [types.get(pk=key).model for key, _ in before] == [model for _, model in before]
