from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    """Limits and hints of the sizes as the code has them."""

    # older-code: runs, because only checks in Python change: there is no SQL in it

    dependencies = [("lettings", "0007_words_in_every_language")]

    operations = [
        migrations.AlterField(
            model_name="letting",
            name="bedrooms",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="0 for a studio.",
                null=True,
                validators=[MinValueValidator(0), MaxValueValidator(32767)],
                verbose_name="bedrooms",
            ),
        ),
        migrations.AlterField(
            model_name="letting",
            name="sleeps",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    MinValueValidator(1, "A letting sleeps at least one person."),
                    MaxValueValidator(32767),
                ],
                verbose_name="sleeps",
            ),
        ),
    ]
