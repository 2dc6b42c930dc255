from django.db import migrations


class Migration(migrations.Migration):
    """Databases of the first split have it recorded; it changed words, which are gone since."""

    dependencies = [("oc_lettings_site", "0001_initial")]

    operations = []
