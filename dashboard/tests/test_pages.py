"""GET /dashboard/, /dashboard/site/ and their files, POST /dashboard/site/try-again/."""

import csv
import io
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone

from background.models import Job, Mail
from dashboard.chart import draw
from dashboard.models import DailyViews
from lettings.tests.factories import make_letting
from profiles.tests.factories import make_person


class PageCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.today = datetime.now(UTC).date()
        cls.host, cls.other = make_person("ada"), make_person("bob")
        cls.silo = make_letting("Silo", host=cls.host)
        cls.theirs = make_letting("Theirs", host=cls.other)
        DailyViews.objects.create(letting=cls.silo, day=cls.today, views=123)
        DailyViews.objects.create(letting=cls.theirs, day=cls.today, views=1000)
        cls.staff = User.objects.create_user("staff", is_staff=True)


class MineTests(PageCase):
    def setUp(self):
        self.client.force_login(self.host.user)

    def test_it_works(self):
        page = self.client.get("/dashboard/")
        self.assertContains(page, "<td>123</td>")
        self.assertContains(page, "<svg", 4)
        self.assertNotContains(page, "1,123")
        self.assertNotContains(page, "Theirs")
        self.assertIn("no-store", page["Cache-Control"])

    def test_a_letting_and_days(self):
        query = f"?letting={self.silo.pk}&first={self.today}&last={self.today}&step=day"
        page = self.client.get(f"/dashboard/{query}")
        self.assertEqual(len(page.context["figures"].rows), 1)
        self.assertContains(page, f"/dashboard/figures.csv{query}".replace("&", "&amp;"))

    def test_the_lettings_come_by_title(self):
        for title in ("Zoo", "Åsa", "asb"):
            make_letting(title, host=self.host)
        page = self.client.get("/dashboard/")
        labels = [label for _value, label in page.context["form"].fields["letting"].choices]
        self.assertEqual(labels[1:], ["Åsa", "asb", "Silo", "Zoo"])

    def test_another_ones_letting_is_none_to_choose(self):
        page = self.client.get(f"/dashboard/?letting={self.theirs.pk}")
        self.assertContains(page, "not one of the available choices")
        self.assertNotContains(page, "<svg")

    def test_what_can_not_be_drawn_is_said(self):
        for query, words in (
            ("first=2026-02-01&last=2026-01-01", "comes before the first"),
            ("first=1900-01-01", "three years at most"),
            ("first=2026-01-01&last=2026-06-01&step=day", "By day, ask for 93 days"),
            ("first=nonsense", "Enter a valid date"),
            ("step=century", "not one of the available choices"),
        ):
            with self.subTest(query):
                self.assertContains(self.client.get(f"/dashboard/?{query}"), words)
                answer = self.client.get(f"/dashboard/figures.csv?{query}")
                self.assertContains(answer, words, status_code=400)

    def test_the_file(self):
        query = f"first={self.today}&last={self.today}&step=day"
        answer = self.client.get(f"/dashboard/figures.csv?{query}")
        self.assertIn("attachment", answer["Content-Disposition"])
        [row] = csv.DictReader(io.StringIO(answer.content.decode()))
        self.assertEqual((row["from"], row["views"]), (str(self.today), "123"))
        self.assertEqual((row["answer_seconds"], row["nights"]), ("", "0"))

    def test_queries(self):
        with self.assertNumQueries(7):
            self.client.get("/dashboard/")

    def test_a_wrong_method(self):
        for path in ("", "figures.csv"):
            self.assertEqual(self.client.post(f"/dashboard/{path}").status_code, 405)

    def test_a_stranger(self):
        self.client.logout()
        answer = self.client.get("/dashboard/")
        self.assertRedirects(answer, "/accounts/login/?next=/dashboard/")


class SiteTests(PageCase):
    def setUp(self):
        self.client.force_login(self.staff)

    def make_mail(self, state, **fields):
        return Mail.objects.create(
            message_id=f"<{state} {fields}>",
            subject=f"Subject {state}",
            recipients=["ada@example.com"],
            content={"body": "Hi", "to": ["ada@example.com"]},
            state=state,
            **fields,
        )

    def test_it_works(self):
        self.make_mail(Mail.State.FAILED, error="550 no such user")
        Job.objects.create(name="a.job", ended_at=timezone.now())
        page = self.client.get("/dashboard/site/")
        self.assertContains(page, "<td>1,123</td>")
        self.assertContains(page, "550 no such user")
        self.assertContains(page, "a.job")
        self.assertNotContains(page, "Is the worker up?")
        self.assertContains(self.client.get("/dashboard/site/figures.csv"), ",1123,")

    def test_silence_is_noticed(self):
        Job.objects.create(name="a.job", ended_at=timezone.now() - timedelta(minutes=6))
        self.assertContains(self.client.get("/dashboard/site/"), "Is the worker up?")

    def test_the_first_and_the_last_day_there_are(self):
        for day in ("0001-01-01", "9999-12-31", "9999-12-30"):
            for step in ("day", "week", "month"):
                query = {"first": day, "last": day, "step": step}
                page = self.client.get("/dashboard/site/", query)
                self.assertEqual(page.status_code, 200, query)
        self.assertIsNotNone(page.context["figures"])

    def test_failed_mail_is_tried_again(self):
        failed, sent = self.make_mail(Mail.State.FAILED), self.make_mail(Mail.State.SENT)
        answer = self.client.post("/dashboard/site/try-again/", follow=True)
        self.assertContains(answer, "1 mail is tried again.")
        failed.refresh_from_db(), sent.refresh_from_db()
        self.assertEqual((failed.state, sent.state), (Mail.State.WAITING, Mail.State.SENT))

    def test_failed_jobs_are_tried_again(self):
        now = timezone.now()
        job = Job.objects.create(
            name="background.tasks.clean_up",
            began_at=now,
            ended_at=now,
            error="OSError",
            due_at=now + timedelta(1),
        )
        self.assertContains(self.client.get("/dashboard/site/"), "Try failed jobs again")
        answer = self.client.post("/dashboard/site/try-again/", {"what": "jobs"}, follow=True)
        self.assertContains(answer, "1 job is tried again.")
        job.refresh_from_db()
        self.assertLessEqual(job.due_at, timezone.now())
        Job.objects.update(error="")
        self.assertNotContains(self.client.get("/dashboard/site/"), "Try failed jobs again")

    def test_a_proxy_learns_whom_to_let_through(self):
        self.assertEqual(self.client.get("/dashboard/site/is-staff/").status_code, 204)
        self.client.force_login(self.host.user)
        self.assertEqual(self.client.get("/dashboard/site/is-staff/").status_code, 403)
        self.client.logout()
        answer = self.client.get("/dashboard/site/is-staff/")
        self.assertEqual(answer.status_code, 401)
        self.assertIn("no-store", answer["Cache-Control"])

    def test_a_wrong_method(self):
        self.assertEqual(self.client.get("/dashboard/site/try-again/").status_code, 405)
        self.assertEqual(self.client.post("/dashboard/site/").status_code, 405)

    def test_a_host_finds_nothing_there(self):
        self.client.force_login(self.host.user)
        for path in ("", "figures.csv"):
            self.assertEqual(self.client.get(f"/dashboard/site/{path}").status_code, 404)
        self.assertEqual(self.client.post("/dashboard/site/try-again/").status_code, 404)


class ChartTests(TestCase):
    def test_bars_stand_on_the_line_and_reach_their_number(self):
        drawn = draw("Views", ["a", "b"], [50, 100], ["50", "100"])
        low, high = drawn.bars
        self.assertEqual(low.y + low.height, drawn.base)
        self.assertAlmostEqual(high.height, 2 * low.height, delta=0.1)
        self.assertEqual(high.words, "b: 100")
        self.assertEqual([words for _, words in drawn.lines], ["100", "50", "0"])

    def test_nothing_is_no_bar_and_no_division(self):
        self.assertEqual([bar.height for bar in draw("", ["a"], [0], ["0"]).bars], [0])
        self.assertEqual(draw("", [], [], []).bars, [])

    def test_a_year_of_days_has_no_more_names_than_find_room(self):
        drawn = draw("", [str(n) for n in range(366)], [1] * 366, ["1"] * 366)
        self.assertLessEqual(len(drawn.labels), 6)
