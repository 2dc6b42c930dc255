from django.db import migrations, models


class Migration(migrations.Migration):
    """The language in which a guest without an account is written to."""

    dependencies = [
        ("enquiries", "0001_enquiries"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="enquiry",
            options={"verbose_name": "enquiry", "verbose_name_plural": "enquiries"},
        ),
        migrations.AlterModelOptions(
            name="message",
            options={
                "ordering": ["pk"],
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.AddField(
            model_name="enquiry",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("fr", "Français")],
                db_default="en",
                default="en",
                help_text="Of the page where they wrote; who has an account chooses it there.",
                max_length=7,
                verbose_name="guest's language",
            ),
        ),
    ]
