"""The figures themselves."""

from datetime import UTC, date, datetime, timedelta

from django.test import TestCase
from django.utils.crypto import get_random_string

from dashboard import figures
from dashboard.figures import DAY, MONTH, WEEK, Scope
from dashboard.models import DailyTotal, DailyViews
from enquiries.models import Enquiry
from lettings.tests.factories import make_letting
from profiles.tests.factories import make_person

FIRST, LAST = date(2026, 9, 28), date(2026, 11, 2)  # a Monday, a Monday


class FiguresTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.bob = make_person("ada"), make_person("bob")
        cls.silo = make_letting("Silo", host=cls.ada)
        cls.barn = make_letting("Barn", host=cls.ada)
        cls.other = make_letting("Other", host=cls.bob)
        for letting, day, views in (
            (cls.silo, FIRST, 5),
            (cls.silo, date(2026, 10, 1), 7),
            (cls.barn, date(2026, 10, 1), 1),
            (cls.silo, LAST, 3),
            (cls.silo, FIRST - timedelta(days=1), 100),
            (cls.silo, LAST + timedelta(days=1), 100),
            (cls.other, date(2026, 10, 1), 1000),
        ):
            DailyViews.objects.create(letting=letting, day=day, views=views)
        cls.ask(cls.silo, datetime(2026, 10, 1, 0, 0, tzinfo=UTC), hours=2)
        cls.ask(cls.silo, datetime(2026, 10, 1, 23, 59, tzinfo=UTC), hours=4)
        cls.ask(cls.barn, datetime(2026, 10, 2, tzinfo=UTC))
        cls.ask(cls.other, datetime(2026, 10, 2, tzinfo=UTC), hours=50)

    @classmethod
    def ask(cls, letting, created_at, hours=None, **fields):
        defaults = {"arrive": date(2027, 1, 1), "leave": date(2027, 1, 2), "people": 2}
        return Enquiry.objects.create(
            letting=letting,
            host=letting.host,
            letting_title=letting.title,
            guest_name="Guest",
            created_at=created_at,
            answered_at=hours and created_at + timedelta(hours=hours),
            form_key=get_random_string(40),
            **{**defaults, **fields},
        )

    def book(self, letting, arrive, leave, state=Enquiry.State.BOOKED):
        created_at = datetime(2026, 1, 1, tzinfo=UTC)
        self.ask(letting, created_at, arrive=arrive, leave=leave, state=state)

    def by(self, step, scope=None):
        return figures.figures(scope or Scope(self.ada), FIRST, LAST, step)

    def test_by_month_cut_at_both_ends(self):
        months = self.by(MONTH)
        self.assertEqual(
            [(period.start, period.end) for period in months],
            [
                (FIRST, date(2026, 10, 1)),
                (date(2026, 10, 1), date(2026, 11, 1)),
                (date(2026, 11, 1), date(2026, 11, 3)),
            ],
        )
        self.assertEqual([period.views for period in months], [5, 8, 3])
        self.assertEqual([period.enquiries for period in months], [0, 3, 0])

    def test_by_week_from_monday(self):
        weeks = self.by(WEEK)
        self.assertEqual(len(weeks), 6)
        self.assertTrue(all(period.start.weekday() == 0 for period in weeks))
        self.assertEqual([period.views for period in weeks], [13, 0, 0, 0, 0, 3])

    def test_by_day_none_left_out(self):
        days = self.by(DAY)
        self.assertEqual(len(days), 36)
        self.assertEqual(days[3].views, 8)
        self.assertEqual((days[3].enquiries, days[4].enquiries), (2, 1))

    def test_the_answer_time_is_the_mean_of_what_was_answered(self):
        october = self.by(MONTH)[1]
        self.assertEqual((october.enquiries, october.answered), (3, 2))
        self.assertEqual(october.answer_time, timedelta(hours=3))
        self.assertIsNone(self.by(MONTH)[0].answer_time)

    def test_booked_nights_count_on_the_days_they_are(self):
        self.book(self.silo, date(2026, 9, 20), date(2026, 9, 30))  # 28 and 29
        self.book(self.silo, date(2026, 10, 30), date(2026, 11, 20))  # 30, 31; 1 and 2
        self.book(self.barn, date(2026, 10, 30), date(2026, 10, 31))
        self.book(self.barn, date(2026, 10, 5), date(2026, 10, 9), Enquiry.State.DECLINED)
        self.book(self.other, date(2026, 10, 5), date(2026, 10, 9))
        self.assertEqual([period.nights for period in self.by(MONTH)], [2, 3, 2])

    def test_one_letting(self):
        months = self.by(MONTH, Scope(self.ada, self.barn))
        self.assertEqual([period.views for period in months], [0, 1, 0])
        self.assertEqual([period.enquiries for period in months], [0, 1, 0])

    def test_the_whole_site_with_and_without_totals(self):
        before = [period.views for period in self.by(DAY, Scope())]
        self.assertEqual(sum(before), 1016)
        figures.add_up(before=LAST, again_from=LAST - timedelta(days=2))
        self.assertEqual(DailyTotal.objects.get(day=date(2026, 10, 1)).views, 1008)
        self.assertEqual([period.views for period in self.by(DAY, Scope())], before)

    def test_days_that_are_over_are_not_added_up_again(self):
        figures.add_up(before=LAST, again_from=LAST)
        DailyTotal.objects.filter(day=FIRST).update(views=77)
        late = DailyViews.objects.get(letting=self.silo, day=date(2026, 10, 1))
        late.views += 1
        late.save()
        figures.add_up(before=LAST, again_from=date(2026, 10, 1))
        self.assertEqual(DailyTotal.objects.get(day=FIRST).views, 77)
        self.assertEqual(DailyTotal.objects.get(day=late.day).views, 1009)

    def test_the_sum_of_all_periods(self):
        whole = figures.total(self.by(WEEK))
        self.assertEqual((whole.start, whole.end), (FIRST, LAST + timedelta(days=1)))
        self.assertEqual((whole.views, whole.enquiries, whole.answered), (16, 3, 2))
        self.assertEqual(whole.answer_time, timedelta(hours=3))

    def test_three_queries_whatever_there_is(self):
        for number in range(5):
            letting = make_letting(f"House {number}", host=self.ada)
            DailyViews.objects.create(letting=letting, day=FIRST, views=1)
            self.book(letting, FIRST, LAST)
        with self.assertNumQueries(3):
            self.by(DAY)
