"""Fill the tables of the old site, under Django 3.0. make_dumps.py runs it."""

import sys

import django
from django.apps import apps

django.setup()

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry  # noqa: E402
from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.test import Client  # noqa: E402

PASSWORD = "Abc1234!"
LETTINGS = [
    ("Joshua Tree Green Haus /w Hot Tub", 7217, "Bedford Street", "Brunswick", "GA", 31525),
    ("Oceanview Retreat", 4, "Military Street", "Willoughby", "OH", 44094),
    ("'Silo Studio' Cottage", 340, "Wintergreen Avenue", "Newport News", "VA", 23601),
    (
        "Pirates of the Caribbean Getaway",
        9230,
        "E. Joy Ridge Street",
        "Marquette",
        "MI",
        49855,
    ),
    (
        "The Mushroom Dome Retreat & LAND of Paradise Suite",
        9606,
        "Harvard Street",
        "Aliquippa",
        "PA",
        15001,
    ),
    ("Underground Hygge", 588, "Argyle Avenue", "East Meadow", "NY", 11554),
]
PROFILES = [
    ("HeadlinesGazer", "Buenos Aires"),
    ("DavWin", "Barcelona"),
    ("AirWow", "Budapest"),
    ("4meRomance", "Berlin"),
]


def let(title, number, street, city, state, zip_code, country="USA"):
    """Make one letting with its address in the app that has the models."""
    app = OLD if apps.is_installed(OLD) else "lettings"
    address = apps.get_model(app, "Address").objects.create(
        number=number,
        street=street,
        city=city,
        state=state,
        zip_code=zip_code,
        country_iso_code=country,
    )
    return apps.get_model(app, "Letting").objects.create(title=title, address=address)


def permission(app, codename):
    """Return a permission of that app."""
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def log(user, thing, flag, message):
    """Note it as the admin does."""
    LogEntry.objects.log_action(
        user.pk, ContentType.objects.get_for_model(thing).pk, thing.pk, str(thing), flag, message
    )


def monolith():
    """The site as it was shipped, and people who look after it."""
    admin = User.objects.create_superuser("admin", "admin@example.com", PASSWORD)
    for username, city in PROFILES:
        user = User.objects.create_user(username, f"{username}@example.com", PASSWORD)
        apps.get_model(OLD, "Profile").objects.create(user=user, favorite_city=city)
    for row in LETTINGS:
        log(admin, let(*row), ADDITION, '[{"added": {}}]')
    editors = Group.objects.create(name="editors")
    editors.permissions.set(
        [permission(OLD, "change_letting"), permission(OLD, "view_profile")]
        + [permission("auth", "view_user")]
    )
    editor = User.objects.create_user("editor", "editor@example.com", PASSWORD, is_staff=True)
    editor.groups.add(editors)
    editor.user_permissions.set(
        [permission(OLD, "add_address"), permission(OLD, "change_letting")]
    )
    profile = apps.get_model(OLD, "Profile").objects.get(user__username="AirWow")
    log(editor, profile, CHANGE, '[{"changed": {"fields": ["Favorite city"]}}]')
    assert Client().login(username="editor", password=PASSWORD)  # leaves a session


def awkward():
    """What years of use do to it."""
    address_model = apps.get_model(OLD, "Address")
    apps.get_model(OLD, "Letting").objects.filter(title="Oceanview Retreat").delete()
    let("Attic by the Common", 12, "Beacon Street", "Boston", "MA", 2134)
    let("Rooms over the Post Office", 1, "Main Street", "Holtsville", "ny", 501)
    let("Gîte du Moulin", 3, "rue de l'Église", "Liège", "wl", 4000, "bel")
    let("Flat 12b", 9, "Rue Cler", "Paris", "75", 75007, "FRA")
    address_model.objects.create(
        number=2,
        street="Nobody's Lane",
        city="Reno",
        state="Nv",
        zip_code=89501,
        country_iso_code="USA",
    )
    gone = let("Soon Gone", 5, "Short Street", "Akron", "OH", 44301)
    gone.address.delete()
    User.objects.get(username="DavWin").delete()
    apps.get_model(OLD, "Profile").objects.filter(user__username="AirWow").update(favorite_city="")


def split():
    """Rows of the old tables copied, as the first split did, and work done since."""
    for name, app in (("Address", "lettings"), ("Letting", "lettings"), ("Profile", "profiles")):
        new = apps.get_model(app, name)
        new.objects.bulk_create(new(**row) for row in apps.get_model(OLD, name).objects.values())
    editor = User.objects.get(username="editor")
    editor.user_permissions.add(
        permission("lettings", "change_letting"), permission("lettings", "delete_letting")
    )
    Group.objects.get(name="editors").permissions.add(permission("profiles", "view_profile"))
    letting = apps.get_model("lettings", "Letting").objects.get(title="Underground Hygge")
    log(editor, letting, CHANGE, '[{"changed": {"fields": ["Location"]}}]')


OLD = "oc_lettings_site"
{"monolith": monolith, "awkward": awkward, "split": split}[sys.argv[1]]()
