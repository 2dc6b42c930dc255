"""The admin as an installed app. Django asks for a module that imports none of its models:
https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#overriding-the-default-admin-site
"""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    """Django's admin, with the lists and titles of admin_site."""

    default_site = "oc_lettings_site.admin_site.Site"
