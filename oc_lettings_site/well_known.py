"""Files that programs look for: robots, sitemap, security contact, web manifest, icon."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pagecache import public_page
from lettings.browsing.sitemaps import LettingSitemap
from profiles.sitemaps import ProfileSitemap

# RFC 9116, section 2.5.5 recommends less than a year.
CONTACT_HOLDS = timedelta(days=180)


class PageSitemap(Sitemap):
    """The list pages, in each language; every page links to its other languages."""

    i18n = alternates = x_default = True

    def items(self) -> list[str]:
        """Return the names of their URLs."""
        return ["index", "lettings:index", "profiles:index"]

    def location(self, item: str) -> str:
        """Return the path of one."""
        return reverse(item)


SITEMAPS = {"pages": PageSitemap, "lettings": LettingSitemap, "profiles": ProfileSitemap}


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Return the list of sitemaps, of up to 5,000 URLs: https://www.sitemaps.org/protocol."""
    return sitemap_views.index(request, SITEMAPS, sitemap_url_name="sitemap")


@public_page
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """Return one page of one sitemap."""
    return sitemap_views.sitemap(request, SITEMAPS, section)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: what robots should not visit, and where the sitemap is."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in (reverse("admin:index"), "/sentry-debug/")]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}"]
    return _text(lines)


@public_page
def security(request: HttpRequest) -> HttpResponse:
    """Return security.txt (RFC 9116); 404 if SECURITY_CONTACT is not set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # midnight, so that the file is the same all day
    midnight = datetime.combine(timezone.now().date(), time(), UTC)
    return _text(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {midnight + CONTACT_HOLDS:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en",
            f"Canonical: {request.build_absolute_uri(reverse('security'))}",
        ]
    )


@public_page
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the manifest of the site as an app: https://www.w3.org/TR/appmanifest/."""
    icons = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
    icons += (("icon-maskable-512.png", "512x512", "maskable"),)
    return JsonResponse(
        {
            "name": "Orange County Lettings",
            "short_name": "OC Lettings",
            "description": "Holiday homes, straight from their hosts.",
            "start_url": "/",
            "display": "minimal-ui",
            "background_color": "#f3f6f2",
            "theme_color": "#0b3647",
            "icons": [
                {"src": _static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon, whose name has a hash, for clients that have not read a page."""
    response = redirect(_static("favicon.ico"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _static(name: str) -> str:
    return static(f"oc_lettings_site/{name}")


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
