from django.conf import settings
from django.db import migrations


def make_missing(apps, schema_editor):
    """Return a profile to each user without one, whoever made the user."""
    database = schema_editor.connection.alias
    profiles = apps.get_model("profiles", "Profile").objects.using(database)
    users = apps.get_model(settings.AUTH_USER_MODEL).objects.using(database)
    missing = users.exclude(pk__in=profiles.values("user")).values_list("pk", flat=True)
    for pk in missing.iterator():
        profiles.get_or_create(user_id=pk)


class Migration(migrations.Migration):
    """From now on every user has a profile; ``profiles.models.make_profile`` sees to new ones."""

    # older-code: runs, because it only meets profiles that somebody could have made in the admin

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("profiles", "0003_picture_and_about"),
    ]

    operations = [migrations.RunPython(make_missing, migrations.RunPython.noop)]
