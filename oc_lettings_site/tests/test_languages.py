"""One address, one language: /fr/... is French, and everything without a prefix English."""

import re

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import TestCase
from django.utils.translation import get_language, override
from werkzeug.test import Client

from core.observability.request_log import RequestLog
from core.pagecache.invalidation import MemoryToken
from core.pagecache.wsgi import PageCache
from core.tests.connections import keep_connections
from lettings.tests.factories import make_letting


def links(response):
    """Return where the page says the other languages are: {code: address}."""
    found = re.findall(
        r'<link rel="alternate" hreflang="(.+?)" href="(.+?)">', response.content.decode()
    )
    return dict(found)


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("path", ["/", "/lettings/", "/profiles/", "/accounts/login/"])
    def test_the_address_names_the_language(self, client, path):
        assert b'<html lang="en">' in client.get(path).content
        assert b'<html lang="fr">' in client.get(f"/fr{path}").content

    def test_neither_cookie_nor_header_changes_it(self, client):
        plain = client.get("/")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
        asked = client.get("/", headers={"Accept-Language": "fr"})
        assert asked.content == plain.content
        assert "Accept-Language" not in asked.get("Vary", "")

    def test_a_page_leads_to_itself_in_the_other_language(self, client):
        page = client.get("/lettings/?q=cottage&page=1").content.decode()
        other = '<a href="/fr/lettings/?q=cottage&amp;page=1" lang="fr" hreflang="fr">Français</a>'
        assert other in page
        page = client.get("/fr/lettings/?q=cottage").content.decode()
        assert '<a href="/lettings/?q=cottage" lang="en" hreflang="en">English</a>' in page

    def test_search_engines_are_told_of_every_language(self, client):
        letting = make_letting("Oceanview Retreat")
        english = f"http://testserver/lettings/{letting.pk}/"
        french = f"http://testserver/fr/lettings/{letting.pk}/"
        for address in (english, french):
            response = client.get(address)
            assert f'<link rel="canonical" href="{address}">' in response.content.decode()
            assert links(response) == {"en": english, "fr": french, "x-default": english}

    def test_an_error_page_speaks_it_and_leads_home(self, client):
        response = client.get("/fr/nowhere/")
        assert response.status_code == 404
        page = response.content.decode()
        assert '<html lang="fr">' in page
        assert '<a class="button" href="/fr/lettings/">' in page
        assert '<a href="/" lang="en" hreflang="en">English</a>' in page

    def test_what_speaks_none_leads_to_the_home_page(self, client):
        page = client.get("/api/v1/docs").content.decode()
        assert '<a href="/fr/" lang="fr" hreflang="fr">Français</a>' in page

    @pytest.mark.parametrize(
        "path", ["/en/", "/de/", "/fr-ca/", "/fr/api/v1/", f"/{'a' * 600}/", f"/fr-{'a' * 600}/"]
    )
    def test_other_prefixes_are_no_pages(self, client, path):
        assert client.get(path).status_code == 404

    def test_who_must_sign_in_does_so_in_their_language(self, client):
        response = client.get("/fr/accounts/")
        assert response["Location"].startswith("/fr/accounts/login/?next=/fr/accounts/")

    def test_the_language_ends_with_the_answer(self, client):
        with override("en"):
            client.get("/fr/")
            assert get_language() == "en"

    def test_the_sitemap_lists_the_lists_in_each(self, client):
        page = client.get("/sitemap-pages.xml").content.decode()
        for path in ("/", "/fr/", "/lettings/", "/fr/lettings/"):
            assert f"<loc>http://testserver{path}</loc>" in page


class AroundDjangoTests(TestCase):
    """The layers that look at addresses before Django does."""

    def setUp(self):
        keep_connections(self)
        cache = PageCache(get_wsgi_application(), 1_000_000, MemoryToken().read)
        self.wsgi = Client(RequestLog(cache), use_cookies=False)

    def ask(self, path):
        """Return the page, and what the log says of it."""
        with self.assertLogs("oc_lettings_site.requests", "INFO") as logged:
            page = self.wsgi.get(path, buffered=True, headers={"Accept-Language": "fr"}).text
        return page, logged.records[0].fields

    def test_each_language_is_kept_by_its_own_address(self):
        for _ in range(2):
            english, said_of_english = self.ask("/lettings/")
            french, said_of_french = self.ask("/fr/lettings/")
        assert '<html lang="en">' in english and '<html lang="fr">' in french
        assert said_of_english["cache"] == said_of_french["cache"] == "hit"
        assert said_of_english["route"] == "/lettings/"
        assert said_of_french["route"] == "/fr/lettings/"

    def test_the_log_knows_the_route_of_a_page_that_is_not_kept(self):
        _, said = self.ask("/fr/accounts/password/reset/key/1-secret/")
        assert said["path"] == said["route"].removeprefix("/")
        assert "secret" not in said["path"]
