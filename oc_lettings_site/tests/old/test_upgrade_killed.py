"""migrate is killed at any statement and run again: the result is the same as without the kill."""

import os
import subprocess
import sys

from django.conf import settings

PLACES = 4


def test_inside_a_migration(make, old, upgraded):
    expected = upgraded("monolith")
    total = expected.statements
    assert total > 100
    databases = [make(old("monolith")) for _ in range(PLACES)]
    pairs = []
    for place, database in enumerate(databases):
        pairs += [database.url, str(total * (2 * place + 1) // (2 * PLACES))]
    subprocess.run(
        [sys.executable, "-m", "oc_lettings_site.tests.old.killed_migrate", *pairs],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": expected.url},
        check=True,
    )
    for database in databases:
        database.migrate()
        assert database.contents() == expected.contents()
        assert database.schema() == expected.schema()


def test_between_two_migrations(make, old, upgraded):
    database = make(old("monolith"))
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "migrate", "--skip-checks"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database.url, "ENVIRONMENT": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stdout:
            if "Applying oc_lettings_site.0004_carry_the_old_data_over... OK" in line:
                process.kill()
                break
    assert process.returncode == -9
    database.migrate()
    assert database.contents() == upgraded("monolith").contents()
    assert database.schema() == upgraded("monolith").schema()


def test_app_by_app(make, old, upgraded):
    """Each command ends with Django making the content types of what is there."""
    database, expected = make(old("awkward")), upgraded("awkward")
    for step in (("profiles", "0001"), ("lettings", "0001"), ("oc_lettings_site", "0003")):
        database.migrate(*step)
    assert database.rows("SELECT * FROM lettings_letting") == []
    database.migrate()
    assert database.schema() == expected.schema()
    for table in ("lettings_address", "lettings_letting", "profiles_profile"):
        assert database.contents()[table] == expected.contents()[table]
    types = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert database.rows(types) == expected.rows(types)
