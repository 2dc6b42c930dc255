"""The words of the admin that belong to no app."""

from django.contrib import admin

admin.site.site_header = "Orange County Lettings"
admin.site.site_title = "Orange County Lettings"
admin.site.index_title = "What is let, and who lets it"
