"""/robots.txt, /sitemap.xml, /.well-known/security.txt, /site.webmanifest, /favicon.ico"""

from datetime import datetime, timedelta
from unittest import mock
from xml.etree import ElementTree

from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone

from lettings.browsing.sitemaps import LettingSitemap
from lettings.models import Address, Letting
from oc_lettings_site.production_rules import parse_contact

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


class SitemapTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        addresses = Address.objects.bulk_create(
            Address(number=n, street="Main Street", city="Salem", state="OR", zip_code="97301")
            for n in range(1, 8)
        )
        Letting.objects.bulk_create(
            Letting(pk=n, title=f"House {n}", address=address, published_at=timezone.now())
            for n, address in enumerate(addresses, start=1)
        )
        Letting.objects.filter(pk=7).update(published_at=None)
        User.objects.create_user("AirWow")

    def locations(self, path):
        response = self.client.get(path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response["Content-Type"], "application/xml")
        return [element.text for element in ElementTree.fromstring(response.content).iter(LOC)]

    def test_the_index_lists_a_sitemap_of_each_kind(self):
        self.assertEqual(
            self.locations("/sitemap.xml"),
            [
                "http://testserver/sitemap-pages.xml",
                "http://testserver/sitemap-lettings.xml",
                "http://testserver/sitemap-profiles.xml",
            ],
        )

    def test_the_pages_and_profiles(self):
        self.assertEqual(
            self.locations("/sitemap-pages.xml"),
            [
                f"http://testserver/{language}{path}"
                for path in ("", "lettings/", "profiles/")
                for language in ("", "fr/")
            ],
        )
        self.assertEqual(
            self.locations("/sitemap-profiles.xml"), ["http://testserver/profiles/AirWow/"]
        )

    def test_lettings_come_in_pages_without_the_drafts(self):
        self.enterContext(mock.patch.object(LettingSitemap, "limit", 4))
        self.assertEqual(len(self.locations("/sitemap.xml")), 4)
        found = self.locations("/sitemap-lettings.xml")
        found += self.locations("/sitemap-lettings.xml?p=2")
        self.assertEqual(found, [f"http://testserver/lettings/{n}/" for n in range(1, 7)])

    def test_a_page_costs_two_queries(self):
        with self.assertNumQueries(2):
            self.client.get("/sitemap-lettings.xml")

    def test_a_page_or_section_that_is_not_there(self):
        for path in ("/sitemap-lettings.xml?p=9", "/sitemap-lettings.xml?p=x", "/sitemap-x.xml"):
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.post("/sitemap.xml").status_code, 405)


class FileTests(SimpleTestCase):
    def test_robots(self):
        response = self.client.get("/robots.txt")
        self.assertEqual(response["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(
            response.content.decode(),
            "User-agent: *\nDisallow: /admin/\nDisallow: /sentry-debug/\n\n"
            "Sitemap: http://testserver/sitemap.xml\n",
        )

    @override_settings(SECURITY_CONTACT="mailto:security@example.org")
    def test_security(self):
        response = self.client.get("/.well-known/security.txt")
        lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
        expires = datetime.fromisoformat(lines.pop("Expires"))
        self.assertTrue(timedelta(days=170) < expires - timezone.now() < timedelta(days=365))
        self.assertEqual(
            lines,
            {
                "Contact": "mailto:security@example.org",
                "Preferred-Languages": "en",
                "Canonical": "http://testserver/.well-known/security.txt",
            },
        )

    def test_no_contact_no_security_file(self):
        self.assertEqual(self.client.get("/.well-known/security.txt").status_code, 404)

    def test_manifest(self):
        response = self.client.get("/site.webmanifest")
        self.assertEqual(response["Content-Type"], "application/manifest+json")
        for icon in response.json()["icons"]:
            self.assertTrue(finders.find(icon["src"].removeprefix("/static/")), icon)

    def test_favicon(self):
        response = self.client.get("/favicon.ico")
        self.assertEqual(response.status_code, 302)
        self.assertTrue(finders.find(response["Location"].removeprefix("/static/")))

    def test_a_wrong_method(self):
        for path in ("/robots.txt", "/.well-known/security.txt", "/site.webmanifest"):
            self.assertEqual(self.client.post(path).status_code, 405)
        self.assertEqual(self.client.post("/favicon.ico").status_code, 405)


class ContactTests(SimpleTestCase):
    def test_accepted(self):
        for text, uri in (
            ("security@example.org", "mailto:security@example.org"),
            ("mailto:security@example.org", "mailto:security@example.org"),
            ("https://example.org/security", "https://example.org/security"),
            ("tel:+1-201-555-0123", "tel:+1-201-555-0123"),
        ):
            self.assertEqual(parse_contact(text), uri)

    def test_refused(self):
        for text in ("us", "http://example.org", "https://", "a@b.c\nContact: x", "ask @me"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_contact(text)
