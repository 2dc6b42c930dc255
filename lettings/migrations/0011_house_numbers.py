from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    """House numbers that are no numbers, and addresses without a postal code.

    The number stays in its column where it is one: the release before shows and writes that.
    """

    # older-code: runs, because the new column has a default of the database, and of the other
    # columns only checks in Python change: there is no SQL for them

    dependencies = [("lettings", "0010_places_in_the_search")]

    operations = [
        migrations.AddField(
            model_name="address",
            name="house_number",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=16,
                verbose_name="house number",
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="number",
            field=models.PositiveIntegerField(
                validators=[MaxValueValidator(999999999)], verbose_name="number"
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="zip_code",
            field=models.CharField(blank=True, max_length=10, verbose_name="ZIP code"),
        ),
    ]
