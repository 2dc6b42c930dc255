from django.db import migrations

import core.text.fields


class Migration(migrations.Migration):
    """How user names are compared and ordered; ``profiles/names.py`` fills it after the migration.

    Django keeps the name of the field's class: its type, and its order, are frozen by it.
    """

    # lock: short, because the index of a column without a value is empty

    dependencies = [
        ("profiles", "0008_time_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="compared_name",
            field=core.text.fields.ComparedField(
                editable=False, max_length=180, null=True, of="user.username", unique=True
            ),
        ),
    ]
