from django.db import migrations, models


class Migration(migrations.Migration):
    # lock: short, because the photos are some thousands, and none of them is in the index yet.

    dependencies = [
        ("lettings", "0004_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="is_made",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("is_made", False)),
                fields=["id"],
                name="lettings_photo_waiting",
            ),
        ),
    ]
