import string

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In

from oc_lettings_site.old_data.schema import Step, keep_numbers, note_numbers, run_deferred_sql
from oc_lettings_site.old_data.values import fit

CAPITALS = list(string.ascii_uppercase)


def spelled(field, length, accepted):
    """As lettings.models.spelled was when this migration was written."""
    condition = Q(Exact(Length(field), length))
    for position in range(1, length + 1):
        condition &= Q(In(Substr(field, position, 1), accepted))
    return condition


class Migration(migrations.Migration):
    """What the pages show since the rewrite; zip codes become text; constraints."""

    dependencies = [
        ("lettings", "0001_initial"),
        ("oc_lettings_site", "0004_carry_the_old_data_over"),
        ("profiles", "0002_favourite_city"),
    ]

    operations = [
        Step(note_numbers, keep_numbers),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "image",
                    models.ImageField(
                        height_field="height", upload_to="photos/", width_field="width"
                    ),
                ),
                (
                    "alt",
                    models.CharField(
                        help_text="What the picture shows, in one sentence.",
                        max_length=200,
                        verbose_name="alternative text",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="address",
            options={"verbose_name_plural": "addresses"},
        ),
        migrations.AddField(
            model_name="letting",
            name="bedrooms",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="letting",
            name="currency",
            field=models.CharField(
                default="USD", help_text="ISO 4217, such as USD.", max_length=3
            ),
        ),
        migrations.AddField(
            model_name="letting",
            name="description",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="letting",
            name="host",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="lettings",
                to="profiles.profile",
            ),
        ),
        migrations.AddField(
            model_name="letting",
            name="price",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="price a night"
            ),
        ),
        migrations.AddField(
            model_name="letting",
            name="published_at",
            field=models.DateTimeField(
                blank=True, help_text="Empty for a draft, which only staff can see.", null=True
            ),
        ),
        migrations.AddField(
            model_name="letting",
            name="sleeps",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="address",
            name="country_iso_code",
            field=models.CharField(
                default="USA",
                help_text="ISO 3166-1 alpha-3, such as USA.",
                max_length=3,
                verbose_name="country",
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="id",
            field=models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="state",
            field=models.CharField(
                help_text="Two letters, such as GA.",
                max_length=2,
            ),
        ),
        migrations.AlterField(
            model_name="address",
            name="zip_code",
            field=models.CharField(max_length=10, verbose_name="ZIP code"),
        ),
        migrations.RunPython(fit, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="letting",
            name="id",
            field=models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=spelled("state", 2, CAPITALS + list(string.digits)),
                name="lettings_address_state_two_capitals",
                violation_error_message="Write the state as two capital letters or digits, such as GA.",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=spelled("country_iso_code", 3, CAPITALS),
                name="lettings_address_country_iso_code",
                violation_error_message=(
                    "Write the country as three capital letters (ISO 3166-1), such as USA."
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="letting",
            constraint=models.CheckConstraint(
                condition=Q(("price__gt", 0)),
                name="lettings_letting_price_positive",
                violation_error_message="The price a night must be more than zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letting",
            constraint=models.CheckConstraint(
                condition=Q(("sleeps__gte", 1)),
                name="lettings_letting_sleeps_at_least_one",
                violation_error_message="A letting sleeps at least one person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letting",
            constraint=models.CheckConstraint(
                condition=spelled("currency", 3, CAPITALS),
                name="lettings_letting_currency_iso_code",
                violation_error_message=(
                    "Write the currency as three capital letters (ISO 4217), such as USD."
                ),
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="letting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="photos",
                to="lettings.letting",
            ),
        ),
        Step(keep_numbers, note_numbers),
        Step(run_deferred_sql, None),
    ]
