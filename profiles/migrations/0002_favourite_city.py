from django.db import migrations, models

from oc_lettings_site.old_data.schema import Step, keep_numbers, note_numbers, run_deferred_sql


class Migration(migrations.Migration):
    """The words and the kind of id that the rewrite uses."""

    dependencies = [
        ("profiles", "0001_initial"),
        ("oc_lettings_site", "0004_carry_the_old_data_over"),
    ]

    operations = [
        Step(note_numbers, keep_numbers),
        migrations.AlterField(
            model_name="profile",
            name="favorite_city",
            field=models.CharField(blank=True, max_length=64, verbose_name="favourite city"),
        ),
        migrations.AlterField(
            model_name="profile",
            name="id",
            field=models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        Step(keep_numbers, note_numbers),
        Step(run_deferred_sql, None),
    ]
