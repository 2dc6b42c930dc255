from django.db import migrations, models


class Migration(migrations.Migration):
    """The language in which somebody is written to."""

    dependencies = [
        ("profiles", "0006_words_in_every_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("fr", "Français")],
                db_default="en",
                default="en",
                max_length=7,
                verbose_name="language of our mails",
            ),
        ),
    ]
