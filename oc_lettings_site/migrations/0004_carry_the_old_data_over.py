from django.db import migrations

from oc_lettings_site.old_data import move
from oc_lettings_site.old_data.schema import Step, run_deferred_sql


class Migration(migrations.Migration):
    """The monolith's rows, and what refers to their content types, move to lettings and profiles.

    From here on databases of the monolith and of the first split are the same.
    """

    dependencies = [
        ("oc_lettings_site", "0003_auto_20211217_1139"),
        ("lettings", "0001_initial"),
        ("profiles", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0011_update_proxy_permissions"),
    ]

    operations = [
        migrations.RunPython(move.forwards, move.backwards),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Letting"),
                migrations.DeleteModel("Address"),
                migrations.DeleteModel("Profile"),
            ]
        ),
        Step(run_deferred_sql, None),
    ]
