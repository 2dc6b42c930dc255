"""The templates of the error pages: their texts, and that they render without a request."""

import re
from unittest import mock

from django.template.loader import render_to_string
from django.test import SimpleTestCase
from django.urls import reverse
from django.utils.translation import override

TEMPLATES = (
    "400.html",
    "403.html",
    "403_csrf.html",
    "403_signed_out.html",
    "404.html",
    "413.html",
    "415.html",
    "429.html",
    "500.html",
    "accounts/locked_out.html",
)


class ErrorTemplateTests(SimpleTestCase):
    """SimpleTestCase refuses every query: none of these pages may need the database."""

    def test_each_renders_without_a_request(self):
        for name in TEMPLATES:
            with self.subTest(name):
                page = render_to_string(name)
                code = "429" if "locked_out" in name else name[:3]
                self.assertInHTML(f'<p class="code">{code}</p>', page)
                self.assertIn("Orange County <br>Lettings", page)
                self.assertInHTML('<meta name="robots" content="noindex">', page)
                self.assertNotIn("<script", page)
                self.assertNotIn("style=", page)

    def test_500_renders_when_the_list_of_hashed_names_is_lost(self):
        with mock.patch(
            "django.contrib.staticfiles.storage.StaticFilesStorage.url",
            side_effect=ValueError("Missing staticfiles manifest entry"),
        ):
            self.assertIn("Something broke on our side", render_to_string("500.html"))
            with self.assertRaises(ValueError):
                render_to_string("404.html")

    def test_500_names_the_report(self):
        page = render_to_string("500.html", {"event_id": "<fc6d8c>"})
        self.assertInHTML("<code>&lt;fc6d8c&gt;</code>", page)
        self.assertNotIn("mention", render_to_string("500.html", {"event_id": ""}))

    def test_500_leads_to_the_home_page_of_its_language(self):
        for code, home in {"en": "/", "fr": "/fr/"}.items():
            with override(code):
                page = render_to_string("500.html")
                self.assertEqual(home, reverse("index"))
            self.assertEqual(re.findall(r'<a class="\w+" href="(.+?)"', page), [home, home])

    def test_429_says_how_long_to_wait(self):
        cases = {None: "wait a minute,", 1: "wait 1 second,", 60: "60 seconds", 600: "10 minutes"}
        for seconds, words in cases.items():
            with self.subTest(seconds):
                self.assertIn(words, render_to_string("429.html", {"retry_after": seconds}))
