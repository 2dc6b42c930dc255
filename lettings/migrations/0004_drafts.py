import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # older-code: runs, because every photo it makes has a letting, and it reads photos only by
    # their letting: those of a draft, which have none, are not seen.
    # lock: short, because the photos are some thousands.

    dependencies = [
        ("lettings", "0003_search_and_orders"),
        ("profiles", "0002_favourite_city"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letting",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty for a draft, which only its host and staff can see.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="letting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="lettings.letting",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.JSONField(default=dict)),
                ("stamp", models.CharField(max_length=32)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="profiles.profile",
                    ),
                ),
                (
                    "letting",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty for a new one.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="lettings.letting",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="photo",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="lettings.draft",
            ),
        ),
    ]
