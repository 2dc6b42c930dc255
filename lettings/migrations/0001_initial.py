from django.core.validators import MaxValueValidator, MinLengthValidator
import django.db.models.deletion
from django.db import migrations, models

from oc_lettings_site.old_data.move import references_back
from oc_lettings_site.old_data.schema import Step, run_deferred_sql


class Migration(migrations.Migration):
    """The tables as the first split made them; databases of that version have it recorded."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(validators=[MaxValueValidator(9999)])),
                ("street", models.CharField(max_length=64)),
                ("city", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=2, validators=[MinLengthValidator(2)])),
                ("zip_code", models.PositiveIntegerField(validators=[MaxValueValidator(99999)])),
                (
                    "country_iso_code",
                    models.CharField(max_length=3, validators=[MinLengthValidator(3)]),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letting",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=256)),
                (
                    "address",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to="lettings.address"
                    ),
                ),
            ],
        ),
        Step(run_deferred_sql, references_back("lettings")),
    ]
