from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site package: settings, pages that belong to no app, the monolith's migrations."""

    name = "oc_lettings_site"
    verbose_name = "Orange County Lettings"
