from django.db import migrations, models


class Migration(migrations.Migration):
    """The time zone in which somebody reads and writes moments."""

    dependencies = [
        ("profiles", "0007_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="time_zone",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="time zone"
            ),
        ),
    ]
