import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # lock: short, because an index over 100,000 lettings is built in a fraction of a second, and
    # what is locked meanwhile is writing: visitors read.

    dependencies = [
        ("lettings", "0005_pictures_in_the_background"),
        ("profiles", "0005_follow"),
    ]

    operations = [
        migrations.CreateModel(
            name="Saved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(auto_now_add=True)),
                (
                    "letting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_by",
                        to="lettings.letting",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved",
                        to="profiles.profile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "letting"), name="lettings_saved_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="letting",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False)),
                fields=["host", "published_at", "id"],
                name="lettings_of_host",
            ),
        ),
    ]
