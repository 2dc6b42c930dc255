from django.db import migrations


class Migration(migrations.Migration):
    """Names of models, for the pages that list them; no SQL."""

    dependencies = [
        ("accounts", "0001_tokens"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="apitoken",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
            },
        ),
        migrations.AlterModelOptions(
            name="keptanswer",
            options={"verbose_name": "kept answer", "verbose_name_plural": "kept answers"},
        ),
    ]
