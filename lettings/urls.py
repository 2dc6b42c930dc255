from django.urls import path

from .browsing import saving, views
from .hosting import edit, own_lettings

app_name = "lettings"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:letting_id>/", views.letting, name="letting"),
    path("mine/", own_lettings.index, name="own_lettings"),
    path("saved/", saving.saved, name="saved"),
    path("feed/", saving.feed, name="feed"),
    path("new/", edit.new, name="new"),
    path("drafts/<int:draft_id>/", edit.draft, name="draft"),
    path("drafts/<int:draft_id>/preview/", edit.preview, name="preview"),
    path("drafts/<int:draft_id>/discard/", own_lettings.discard, name="discard"),
    path("<int:letting_id>/save/", saving.save, name="save"),
    path("<int:letting_id>/edit/", edit.edit, name="edit"),
    path("<int:letting_id>/publish/", own_lettings.publish, name="publish"),
    path("<int:letting_id>/unpublish/", own_lettings.unpublish, name="unpublish"),
    path("<int:letting_id>/delete/", own_lettings.delete, name="delete"),
]
