"""The texts of the admin that belong to no app."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = "Orange County Lettings"
admin.site.site_title = "Orange County Lettings"
admin.site.index_title = _("What is let, and who lets it")
