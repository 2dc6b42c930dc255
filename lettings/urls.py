from django.urls import path

from . import hosting, mine, saving, views

app_name = "lettings"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:letting_id>/", views.letting, name="letting"),
    path("mine/", mine.mine, name="mine"),
    path("saved/", saving.saved, name="saved"),
    path("feed/", saving.feed, name="feed"),
    path("new/", hosting.new, name="new"),
    path("drafts/<int:draft_id>/", hosting.draft, name="draft"),
    path("drafts/<int:draft_id>/preview/", hosting.preview, name="preview"),
    path("drafts/<int:draft_id>/discard/", mine.discard, name="discard"),
    path("<int:letting_id>/save/", saving.save, name="save"),
    path("<int:letting_id>/edit/", hosting.edit, name="edit"),
    path("<int:letting_id>/publish/", mine.publish, name="publish"),
    path("<int:letting_id>/unpublish/", mine.unpublish, name="unpublish"),
    path("<int:letting_id>/delete/", mine.delete, name="delete"),
]
