from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site package: settings, pages that belong to no app, and the old monolith's migrations."""

    name = "oc_lettings_site"
    verbose_name = "Orange County Lettings"
