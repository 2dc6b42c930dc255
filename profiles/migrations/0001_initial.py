from django.conf import settings
import django.db.models.deletion
from django.db import migrations, models

from oc_lettings_site.old_data.move import references_back
from oc_lettings_site.old_data.schema import Step, run_deferred_sql


class Migration(migrations.Migration):
    """The table as the first split made it; databases of that version have it recorded."""

    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("favorite_city", models.CharField(blank=True, max_length=64)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        Step(run_deferred_sql, references_back("profiles")),
    ]
