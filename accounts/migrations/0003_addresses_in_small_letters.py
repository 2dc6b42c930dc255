from django.conf import settings
from django.db import migrations
from django.db.models.functions import Lower


def lower(apps, schema_editor):
    """Write addresses as a sign-in, and the recovery of a password, look for them."""
    users = apps.get_model(settings.AUTH_USER_MODEL).objects.using(schema_editor.connection.alias)
    users.exclude(email=Lower("email")).update(email=Lower("email"))


class Migration(migrations.Migration):
    """From now on they are all written so; ``accounts.adapter.lower_address`` sees to new ones."""

    # older-code: runs, because it looks for addresses in small letters already

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0002_words"),
    ]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
