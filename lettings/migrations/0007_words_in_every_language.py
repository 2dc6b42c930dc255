import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Names and hints of the fields as the code has them, there to be translated."""

    # older-code: runs, because only words change: there is no SQL in it

    dependencies = [
        ("lettings", "0006_saved_and_feed"),
        ("profiles", "0006_words_in_every_language"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="address",
            options={"verbose_name": "address", "verbose_name_plural": "addresses"},
        ),
        migrations.AlterModelOptions(
            name="draft",
            options={"verbose_name": "draft", "verbose_name_plural": "drafts"},
        ),
        migrations.AlterModelOptions(
            name="letting",
            options={"verbose_name": "letting", "verbose_name_plural": "lettings"},
        ),
        migrations.AlterModelOptions(
            name="photo",
            options={
                "ordering": ["position", "pk"],
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
            },
        ),
        migrations.AlterModelOptions(
            name="saved",
            options={"verbose_name": "saved letting", "verbose_name_plural": "saved lettings"},
        ),
        migrations.AlterField(
            model_name="address",
            name="city",
            field=models.CharField(max_length=64, verbose_name="city"),
        ),
        migrations.AlterField(
            model_name="address",
            name="number",
            field=models.PositiveIntegerField(
                validators=[django.core.validators.MaxValueValidator(9999)], verbose_name="number"
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="state",
            field=models.CharField(
                help_text="Two letters, such as GA.", max_length=2, verbose_name="state"
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="street",
            field=models.CharField(max_length=64, verbose_name="street"),
        ),
        migrations.AlterField(
            model_name="letting",
            name="address",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                to="lettings.address",
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="letting",
            name="bedrooms",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bedrooms"),
        ),
        migrations.AlterField(
            model_name="letting",
            name="currency",
            field=models.CharField(
                default="USD",
                help_text="ISO 4217, such as USD.",
                max_length=3,
                verbose_name="currency",
            ),
        ),
        migrations.AlterField(
            model_name="letting",
            name="description",
            field=models.TextField(blank=True, verbose_name="description"),
        ),
        migrations.AlterField(
            model_name="letting",
            name="host",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="lettings",
                to="profiles.profile",
                verbose_name="host",
            ),
        ),
        migrations.AlterField(
            model_name="letting",
            name="published_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty for a draft, which only its host and staff can see.",
                null=True,
                verbose_name="published at",
            ),
        ),
        migrations.AlterField(
            model_name="letting",
            name="sleeps",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="sleeps"),
        ),
        migrations.AlterField(
            model_name="letting",
            name="title",
            field=models.CharField(max_length=256, verbose_name="title"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="position"),
        ),
    ]
