from django.db import migrations, models


class Migration(migrations.Migration):
    """What people say of themselves."""

    dependencies = [("profiles", "0002_favourite_city")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="about",
            field=models.TextField(
                blank=True, db_default="", default="", max_length=2000, verbose_name="about you"
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="picture",
            field=models.ImageField(
                blank=True,
                db_default="",
                default="",
                upload_to="faces/",
                verbose_name="picture",
            ),
        ),
    ]
