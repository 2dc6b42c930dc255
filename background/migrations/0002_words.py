from django.db import migrations


class Migration(migrations.Migration):
    """Names of models, for the pages that list them; no SQL."""

    dependencies = [
        ("background", "0001_outbox_and_jobs"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="job",
            options={"verbose_name": "job", "verbose_name_plural": "jobs"},
        ),
        migrations.AlterModelOptions(
            name="mail",
            options={"verbose_name": "mail", "verbose_name_plural": "mail"},
        ),
    ]
