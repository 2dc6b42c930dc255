from django.db import migrations, models


class Migration(migrations.Migration):
    """By which mail a message came, so that none comes twice."""

    # lock: short, because the messages are some thousands, and none of them has a value yet.

    dependencies = [
        ("enquiries", "0002_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="mail_key",
            field=models.CharField(
                editable=False,
                help_text="Of the mail it came by: the same mail read twice is one message.",
                max_length=64,
                null=True,
                unique=True,
            ),
        ),
    ]
