"""The search index of an older release is replaced by this release's."""

from pathlib import Path
from unittest import mock

from django.db import OperationalError, connection
from django.test import TransactionTestCase

from lettings import search
from lettings.models import Letting
from lettings.places import STATES
from lettings.search import postgresql, sqlite, upkeep
from lettings.search.statements import run
from lettings.tasks import index_words

from .factories import make_letting

# The statements with which the release of November 2026 made its index, as its migration ran them.
LAST_RELEASE = Path(__file__).parent / "search_of_2026_11"


def titles(text):
    return sorted(search.matching(Letting.objects.all(), text).values_list("title", flat=True))


def without_notes(statements):
    """Return the statements of an index that does not learn of a new letting."""
    return [
        statement.replace("VALUES (NEW.id)", "SELECT NEW.id WHERE 0").replace(
            "SELECT id FROM new_rows;", "SELECT id FROM new_rows WHERE false;"
        )
        for statement in statements
    ]


class UpgradeTests(TransactionTestCase):
    def setUp(self):
        make_letting("Tipi", city="Honolulu", state="HI")
        self.backend = search.backend_of(connection)

    def tearDown(self):
        search.keep("default")

    def assert_searches(self):
        self.assertEqual(titles("tipi hawaii"), ["Tipi"])
        make_letting("Yurt", city="Honolulu", state="HI")
        self.assertEqual(titles("hawaii"), ["Tipi", "Yurt"])
        self.assertTrue(self.backend.is_current(connection))

    def test_from_the_last_release(self):
        search.remove(connection)
        file = LAST_RELEASE / f"{connection.vendor}.sql"
        run(connection, (each.replace("%", "%%") for each in file.read_text().split("\n--\n")))
        make_letting("Dome", city="Hilo", state="OH")
        search.keep("default")
        self.assertEqual(titles("dome hilo"), ["Dome"])
        self.assert_searches()

    def test_a_trigger_or_function_of_another_release(self):
        name = {"sqlite": "TRIGGERS", "postgresql": "CREATE_FUNCTIONS"}[connection.vendor]
        older = without_notes(getattr(self.backend, name))
        self.assertNotEqual(older, getattr(self.backend, name))
        with mock.patch.object(self.backend, name, older), self.digests_of(name, older):
            self.backend.install(connection)
            search.rebuild(connection)
        make_letting("Dome", city="Hilo", state="HI")
        self.assertEqual(titles("dome"), [])
        search.keep("default")
        self.assertEqual(titles("dome"), ["Dome"])
        self.assertTrue(self.backend.is_current(connection))

    def digests_of(self, name, older):
        """Replace the digests in the comment of PostgreSQL's table."""
        if connection.vendor == "sqlite":
            return mock.patch.object(sqlite, name, older)
        return mock.patch.object(postgresql, "DIGESTS", [postgresql.DIGESTS[0], "another"])

    def test_a_table_of_another_release(self):
        search.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE lettings_search (letting_id bigint)")
        search.keep("default")
        self.assert_searches()

    def test_a_trigger_that_is_gone(self):
        run(connection, self.backend.DROP_TRIGGERS[:1])
        search.keep("default")
        self.assert_searches()

    def test_words_that_other_code_made(self):
        with mock.patch.dict(STATES, HI="Owhyhee"), mock.patch.object(search, "MADE_BY", "other"):
            search.rebuild(connection)
        self.assertEqual(titles("hawaii"), [])
        search.keep("default")
        self.assert_searches()

    def test_a_write_outside_of_a_transaction_does_not_fail_by_the_search(self):
        fails = mock.patch.object(upkeep, "_read", side_effect=OperationalError("locked"))
        with fails, self.assertLogs("lettings.search.upkeep", "WARNING"):
            make_letting("Dome")
        self.assertEqual(Letting.objects.filter(title="Dome").count(), 1)
        index_words()
        self.assertEqual(titles("dome"), ["Dome"])

    def test_what_psql_or_an_older_release_wrote(self):
        """They write without this code: the triggers note it, and the job reads it."""
        with mock.patch.object(upkeep, "learn"):
            make_letting("Sœurs", city="Cañon City", state="CO")
        self.assertEqual(titles("soeur"), [])
        index_words()
        self.assertEqual(titles("soeur canon"), ["Sœurs"])

    def test_a_current_index_is_not_touched(self):
        with mock.patch.object(self.backend, "install") as install:
            search.keep("default")
        install.assert_not_called()
