from django.db import migrations


class Migration(migrations.Migration):
    """Names of models, for the pages that list them; no SQL."""

    dependencies = [
        ("dashboard", "0001_views"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="dailytotal",
            options={"verbose_name": "daily total", "verbose_name_plural": "daily totals"},
        ),
        migrations.AlterModelOptions(
            name="dailyviews",
            options={"verbose_name": "daily views", "verbose_name_plural": "daily views"},
        ),
    ]
