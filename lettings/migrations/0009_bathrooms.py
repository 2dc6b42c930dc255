from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    # lock: short, because an index over 100,000 lettings is built in a fraction of a second, and
    # what is locked meanwhile is writing: visitors read.

    dependencies = [("lettings", "0008_limits_of_sizes")]

    operations = [
        migrations.AddField(
            model_name="letting",
            name="bathrooms",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                help_text="A half has a toilet, and neither bath nor shower: 1.5.",
                max_digits=3,
                null=True,
                validators=[MinValueValidator(0), MaxValueValidator(99), StepValueValidator(0.5)],
                verbose_name="bathrooms",
            ),
        ),
        migrations.AddIndex(
            model_name="letting",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False)),
                fields=["bathrooms"],
                name="lettings_bathrooms",
            ),
        ),
    ]
