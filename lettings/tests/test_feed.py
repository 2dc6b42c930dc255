"""GET /lettings/feed/: new lettings of the followed hosts, at a constant cost."""

from datetime import timedelta
from functools import partial

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.web.paging import PAGE_SIZE
from lettings.browsing import feed
from lettings.models import Letting

from .feed_data import analyze, follow, make_lettings, make_people
from .factories import make_letting
from .host_case import HostTestCase, add_photo

PATH = "/lettings/feed/"


class FeedTests(HostTestCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.other.user)

    def titles(self):
        return [letting.title for letting in self.client.get(PATH).context["lettings"]]

    def test_it_works(self):
        follow([self.other], [self.host])
        response = self.client.get(PATH)
        self.assertContains(response, "Oceanview Retreat")
        self.assertContains(response, "From AirWow,")
        self.assertContains(response, "You follow")

    def test_the_followed_hosts_are_listed(self):
        for hosts, words in (
            (make_people("host", 24), "host0</a>."),
            ([self.host], " and others."),
        ):
            follow([self.other], hosts)
            self.assertContains(self.client.get(PATH), words)

    def test_what_is_new_comes_first_and_drafts_and_strangers_do_not(self):
        now = timezone.now()
        make_letting("Newer", host=self.host, published_at=now)
        make_letting("By staff", host=self.staff, published_at=now - timedelta(hours=1))
        make_letting("Draft", host=self.host, published_at=None)
        make_letting("Tomorrow", host=self.host, published_at=now + timedelta(days=1))
        make_letting("Of nobody", published_at=now)
        follow([self.other], [self.host])
        self.assertEqual(self.titles(), ["Newer", "Oceanview Retreat"])
        follow([self.other], [self.staff])
        self.assertEqual(self.titles(), ["Newer", "By staff", "Oceanview Retreat"])

    def test_nobody_followed(self):
        self.assertContains(self.client.get(PATH), "You follow nobody yet")

    def test_a_host_without_anything_public(self):
        follow([self.other], [self.staff])
        self.assertContains(self.client.get(PATH), "Nothing is public from them just now")

    def test_the_same_result_as_sorting_everything(self):
        now = timezone.now()
        hosts = make_people("host", 40)
        make_lettings(hosts[:39], 200, now)
        make_lettings(hosts[3:4], 60, now - timedelta(seconds=30))
        follow([self.other], hosts[::2])
        followed = Letting.objects.published(now).filter(host__in=hosts[::2])
        for length in (1, 5, 24, 100):
            with self.subTest(length):
                found = list(feed.newest(self.other, now, length))
                self.assertEqual(found, list(followed.newest()[:length]))

    def test_older_ones_by_pages_to_the_end(self):
        now = timezone.now()
        hosts = make_people("host", 30)
        make_lettings(hosts, 58, now)
        Letting.objects.update(published_at=now - timedelta(days=1))  # so that the id decides
        make_lettings(hosts[:1], 2, now)
        follow([self.other], hosts)
        shown, path = [], PATH
        while path:
            response = self.client.get(path)
            shown += response.context["lettings"]
            older = response.context["older"]
            self.assertEqual("Older" in response.text, bool(older))
            path = older and f"{PATH}?after={older}"
        self.assertContains(response, f'<a href="{PATH}">Newest</a>', html=True)
        followed = Letting.objects.published(now).filter(host__in=hosts)
        self.assertEqual(len(shown), 60)
        self.assertEqual(shown, list(followed.newest()))

    def test_an_exactly_full_page_is_the_last(self):
        make_lettings([self.host], PAGE_SIZE - 1, timezone.now())
        follow([self.other], [self.host])
        self.assertEqual(len(self.titles()), PAGE_SIZE)
        self.assertNotContains(self.client.get(PATH), "Older")

    def test_a_damaged_link(self):
        follow([self.other], [self.host])
        for mark in ("1", "x.1", "20261321T000000000000Z.1", "20261121T000000000000Z.\0"):
            with self.subTest(mark):
                response = self.client.get(PATH, {"after": mark}, follow=True)
                self.assertContains(response, "That link to a page was damaged")
                self.assertContains(response, "Oceanview Retreat")

    def test_a_constant_number_of_queries(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(PATH)
            return len(queries)

        follow([self.other], [self.host])
        few = count()
        hosts = make_people("host", 30)
        make_lettings(hosts, 60, timezone.now())
        follow([self.other], hosts)
        add_photo(letting=hosts[0].lettings.first())
        self.assertEqual(count(), few)
        self.assertEqual(few, 9)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post(PATH).status_code, 405)

    def test_a_stranger_signs_in_first(self):
        self.client.logout()
        self.assertEqual(self.client.get(PATH).status_code, 302)


def plans(run):
    """Return the database's plan for each query of ``run``."""
    with CaptureQueriesContext(connection) as queries:
        run()
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(explain + query["sql"].replace("%", "%%"))
            yield "\n".join(str(row[-1]) for row in cursor.fetchall())


class PlanTests(TestCase):
    """Each host takes an index look-up; neither all lettings nor all followers are read."""

    @classmethod
    def setUpTestData(cls):
        now = timezone.now()
        cls.guest, *others = make_people("guest", 300)
        hosts = make_people("host", 1000)
        make_lettings(hosts, 20_000 if connection.vendor == "postgresql" else 4000, now)
        make_lettings(hosts[:1], 3000, now - timedelta(days=1))
        follow([cls.guest], hosts[:100])
        follow(others, hosts[:10])
        analyze()

    def marks(self):
        """Return the marks of two pages: at the newest, and in the middle."""
        lettings = Letting.objects.published().newest()
        return "", feed.NEWEST.mark(lettings[lettings.count() // 2])

    def test_the_plan(self):
        for mark in self.marks():
            found = list(plans(partial(feed.page, self.guest, timezone.now(), mark)))
            self.assertEqual(len(found), 5)
            for used in found[:3]:
                with self.subTest(used, mark=mark):
                    # Where hosts have few lettings, PostgreSQL may take the foreign key's index.
                    self.assertRegex(used, r"lettings_(of|letting)_host")
                    self.assertNotRegex(used, r"Seq Scan on lettings|SCAN lettings_letting\b")
                    self.assertNotIn("lettings_newest", used)
            self.assertRegex(found[0], r"profiles_follow_(once|follower|1\b)")
            self.assertNotIn("profiles_follow_host", found[0])

    def read(self, mark):
        """Return the number of rows that are read and sorted."""
        lettings = feed._public(timezone.now(), mark)
        hosts = feed._latest_hosts(self.guest, lettings, PAGE_SIZE)
        bounded = feed._no_older_than(hosts, lettings, PAGE_SIZE)
        return lettings.filter(bounded).count()

    def test_rows_read_do_not_grow_with_a_hosts_lettings(self):
        for mark in self.marks():
            self.assertLessEqual(self.read(mark), PAGE_SIZE**2)

    def test_rows_read_do_not_grow_when_all_have_one_moment(self):
        theirs = Letting.objects.filter(host__followers__follower=self.guest)
        theirs.update(published_at=timezone.now())
        for mark in ("", feed.NEWEST.mark(theirs.newest()[100])):
            self.assertLessEqual(self.read(mark), PAGE_SIZE**2)
