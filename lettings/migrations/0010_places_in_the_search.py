from django.db import migrations


class Migration(migrations.Migration):
    """The filter by place asks the search's index, which compares the names of cities."""

    dependencies = [("lettings", "0009_bathrooms")]

    operations = [
        migrations.RemoveIndex(model_name="address", name="lettings_address_place"),
    ]
