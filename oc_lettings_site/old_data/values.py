"""Make the values of the old site fit the new columns."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from .schema import OLD_APP


def code(text: str) -> str:
    """Return a state or country code without blanks around it and in capitals.

    >>> code(" ga")
    'GA'
    """
    return text.strip().upper()


def zip_text(number: int | str, country: str) -> str:
    """Return a zip code, a number in the old site, as text: five digits in the USA.

    >>> zip_text(2134, "USA"), zip_text(2134, "BEL")
    ('02134', '2134')
    """
    text = str(number).strip()
    return text.zfill(5) if code(country) == "USA" else text


def fit(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tidy the codes, pad the zip codes, and publish the lettings, which have been public so far.

    They count as published since the first migration of the old site, or from now.
    """
    connection = schema_editor.connection
    addresses = apps.get_model("lettings", "Address").objects.using(connection.alias)
    for address in addresses.all():
        fitting = {
            "zip_code": zip_text(address.zip_code, address.country_iso_code),
            "state": code(address.state),
            "country_iso_code": code(address.country_iso_code),
        }
        if any(getattr(address, name) != value for name, value in fitting.items()):
            addresses.filter(pk=address.pk).update(**fitting)
    recorded = MigrationRecorder(connection).migration_qs.filter(app=OLD_APP)
    since = recorded.aggregate(since=Min("applied"))["since"] or timezone.now()
    apps.get_model("lettings", "Letting").objects.using(connection.alias).update(
        published_at=since
    )
    connection.check_constraints()
