"""Views: counted at every look, written twice a minute, and nobody noted."""

from collections import Counter
from datetime import UTC, date, datetime
from unittest import mock

from django.db import DatabaseError
from django.test import TestCase

from core.pagecache import generation
from dashboard import view_counts
from dashboard.models import DailyViews
from lettings.models import Letting
from lettings.tests.factories import make_letting
from oc_lettings_site.wsgi_middleware import wrap

DAY = date(2026, 11, 20)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class CountViewsTests(TestCase):
    def setUp(self):
        self.views = mock.Mock()
        self.enterContext(mock.patch("dashboard.view_counts.views", self.views))

    def ask(self, path="/lettings/7/", status="200 OK", method="GET", agent=FIREFOX, **more):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_USER_AGENT": agent, **more}
        answer = view_counts.CountViews(lambda environ, start: start(status, []) or [b"page"])
        self.assertEqual(answer(environ, lambda *words: None), [b"page"])
        return [call.args[0] for call in self.views.add.call_args_list]

    def test_a_page_that_was_shown(self):
        self.assertEqual(self.ask(), [7])

    def test_a_page_in_another_language(self):
        self.assertEqual(self.ask("/fr/lettings/7/"), [7])

    def test_a_page_that_the_browser_still_had(self):
        self.assertEqual(self.ask(status="304 Not Modified"), [7])

    def test_what_is_no_look_at_a_letting(self):
        self.ask("/lettings/")
        self.ask("/lettings/7/edit/")
        self.ask("/api/v1/lettings/7")
        self.ask("/lettings/" + "9" * 30 + "/")
        self.ask(status="404 Not Found")
        self.ask(method="HEAD")
        self.ask(agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
        self.ask(HTTP_SEC_PURPOSE="prefetch")
        self.ask(agent="curl/8.5")
        self.views.add.assert_not_called()

    def test_the_site_has_it_around_the_page_cache(self):
        def application(environ, start_response):
            start_response("200 OK", [])
            return [b"page"]

        environ = self.client._base_environ(PATH_INFO="/lettings/7/")
        wrap(application)(environ | {"HTTP_USER_AGENT": FIREFOX}, lambda *words: None)
        self.views.add.assert_called_once_with(7)


class WriteTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.silo, cls.barn = make_letting("Silo"), make_letting("Barn")

    def setUp(self):
        # Django's test case keeps one connection open.
        self.enterContext(mock.patch("dashboard.view_counts.close_old_connections"))
        self.views = view_counts.Views()
        self.addCleanup(lambda: self.views._timer and self.views._timer.cancel())

    def look(self, *lettings):
        for letting in lettings:
            self.views.add(letting.pk)

    def written(self):
        return dict(DailyViews.objects.values_list("letting__title", "views"))

    def test_a_minute_of_views_is_one_write(self):
        self.look(*[self.silo] * 300, self.barn)
        with self.assertNumQueries(4):  # a look, a savepoint, a write, its release
            self.views.write()
        self.assertEqual(self.written(), {"Silo": 300, "Barn": 1})
        self.assertEqual(DailyViews.objects.first().day, datetime.now(UTC).date())

    def test_processes_add_to_what_others_wrote(self):
        for _ in range(2):
            self.look(self.silo)
            self.views.write()
        self.assertEqual(self.written(), {"Silo": 2})
        self.views.write()
        self.assertEqual(self.written(), {"Silo": 2})

    def test_a_letting_that_is_gone_takes_nothing_along(self):
        self.look(self.silo, self.barn)
        Letting.objects.filter(pk=self.barn.pk).delete()
        self.views.write()
        self.assertEqual(self.written(), {"Silo": 1})

    def test_a_database_that_is_away_loses_nothing(self):
        self.look(self.silo, self.silo)
        with mock.patch("dashboard.view_counts._write", side_effect=DatabaseError("away")):
            with self.assertLogs("dashboard.view_counts", "WARNING"):
                self.views.write()
        self.look(self.silo)
        self.views.write()
        self.assertEqual(self.written(), {"Silo": 3})

    def test_what_fails_half_way_is_not_counted_twice(self):
        self.look(self.silo)
        self.views._counts[self.barn.pk, datetime.now(UTC).date()] = -1  # no column takes it
        with self.assertLogs("dashboard.view_counts", "WARNING"):
            self.views.write()
        self.views.write()
        self.assertEqual(self.written(), {"Silo": 1})

    def test_a_timer_writes_by_itself_and_only_when_something_was_seen(self):
        self.assertIsNone(self.views._timer)
        self.look(self.silo, self.barn)
        timer = self.views._timer
        self.assertTrue(timer.daemon)
        self.assertEqual(timer.interval, view_counts.EVERY)
        timer.function()
        self.assertIsNone(self.views._timer)
        self.assertEqual(self.written(), {"Silo": 1, "Barn": 1})

    def test_counting_empties_no_page(self):
        before = generation()
        self.look(self.silo)
        with self.captureOnCommitCallbacks(execute=True):
            self.views.write()
        self.assertEqual(generation(), before)

    def test_a_table_of_one_row_a_letting_and_day(self):
        view_counts._write(Counter({(self.silo.pk, DAY): 2}))
        view_counts._write(Counter({(self.silo.pk, DAY): 3, (self.barn.pk, DAY): 1}))
        self.assertEqual(self.written(), {"Silo": 5, "Barn": 1})
