from django.db import migrations


class Migration(migrations.Migration):
    """Databases of the first split have it recorded.

    There it took the monolith's tables away; here 0004 does that, because it must find out first
    whether the rows have come over.
    """

    dependencies = [("oc_lettings_site", "0002_auto_20211213_0942")]

    operations = []
