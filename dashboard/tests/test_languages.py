"""The dashboard in French: dates, numbers and plurals as the French write them."""

from datetime import date, timedelta

from django.test import SimpleTestCase, TestCase
from django.utils.translation import override

from background.models import Mail
from dashboard.chart import draw
from dashboard.figures import Period
from dashboard.table import Figures, name, spell
from profiles.tests.factories import make_person


class FrenchTests(SimpleTestCase):
    def setUp(self):
        self.enterContext(override("fr"))

    def test_periods(self):
        for start, end, words in (
            (date(2026, 11, 1), date(2026, 12, 1), "nov. 2026"),
            (date(2026, 11, 2), date(2026, 11, 9), "2–8 nov."),
            (date(2026, 10, 26), date(2026, 11, 2), "26 oct.–1 nov."),
            (date(2026, 11, 2), date(2026, 11, 3), "2 nov."),
        ):
            self.assertEqual(name(Period(start, end)), words)

    def test_how_long_an_answer_took(self):
        for waited, words in (
            (timedelta(0), "0\u00a0minute"),
            (timedelta(minutes=1), "1\u00a0minute"),
            (timedelta(hours=3), "3\u00a0heures"),
            (timedelta(days=4), "4\u00a0jours"),
            (None, "–"),
        ):
            self.assertEqual(spell(waited), words)

    def test_charts(self):
        day = Period(date(2026, 11, 2), date(2026, 11, 3), views=12000)
        views = Figures([day]).charts()[0]
        self.assertEqual(views.title, "Vues")
        self.assertEqual(views.bars[0].words, "2 nov.\u00a0: 12\u00a0000")
        self.assertEqual([words for _y, words in views.lines], ["20\u00a0000", "10\u00a0000", "0"])
        with override("en"):
            english = draw("Views", ["Nov 2"], [12000], ["12,000"])
        self.assertEqual(english.bars[0].words, "Nov 2: 12,000")
        self.assertEqual([words for _y, words in english.lines], ["20,000", "10,000", "0"])


class PageTests(TestCase):
    def test_the_hosts_page(self):
        self.client.force_login(make_person("ada").user)
        page = self.client.get("/fr/dashboard/")
        for words in ("Vos chiffres", "Nuits réservées", "Télécharger en CSV", "mois"):
            self.assertContains(page, words)
        self.assertContains(page, "/fr/dashboard/figures.csv")
        answer = self.client.get("/fr/dashboard/figures.csv").content
        self.assertTrue(answer.startswith(b"\xef\xbb\xbffrom;to;views;"), answer[:40])
        self.assertTrue(self.client.get("/dashboard/figures.csv").content.startswith(b"from,to,"))

    def test_the_sites_page_counts_and_names_in_french(self):
        staff = make_person("ada").user
        staff.is_staff = True
        staff.save()
        self.client.force_login(staff)
        for number in range(2):
            Mail.objects.create(
                message_id=f"<{number}>", subject="Hi", recipients=[], content={}, state="failed"
            )
        self.assertContains(self.client.get("/fr/dashboard/site/"), "<dt>En échec</dt>")
        answer = self.client.post("/fr/dashboard/site/try-again/", follow=True)
        self.assertRedirects(answer, "/fr/dashboard/site/")
        self.assertContains(answer, "2\u00a0e-mails")
