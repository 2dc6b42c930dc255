"""A host's pages empty the page cache if a public page shows what they write, and only then."""

from datetime import timedelta
from unittest import mock

from django.utils import timezone

from lettings import urls as lettings_urls
from lettings.models import Draft, Letting, Photo
from lettings.tests.factories import make_letting
from lettings.tests.host_case import WORDS, upload

from .host_session import HostSessionCase

# Of the pages of lettings, those that take no POST.
READ = {"index", "letting", "own_lettings", "saved", "feed", "preview"}


class LettingPagesTests(HostSessionCase):
    def setUp(self):
        super().setUp()
        self.posted = set()
        post = self.client.post

        def noted(path, *args, **kwargs):
            response = post(path, *args, **kwargs)
            self.posted.add(response.resolver_match.url_name)
            return response

        self.enterContext(mock.patch.object(self.client, "post", noted))

    def test_every_page_of_a_letting(self):
        """From the first word to the last; a new URL of lettings has its step here, or in READ."""
        self.a_new_letting()
        self.a_public_letting()
        self.a_private_letting()
        self.what_a_guest_keeps()
        names = {pattern.name for pattern in lettings_urls.urlpatterns}
        self.assertEqual(self.posted, names - READ)

    def a_new_letting(self):
        with self.kept("the first words of a draft"):
            self.send("/lettings/new/", title="Silo")
        path = Draft.objects.get().get_absolute_url()
        with self.kept("the next words"):
            self.send(path, **WORDS)
        with self.kept("a draft's picture, and its thumbnails"):
            self.send(path, "add", pictures=[upload(), upload("b.png", "blue")])
        photos = Photo.objects.exclude(draft=None)
        self.assertEqual([photo.is_made for photo in photos], [True, True])
        first, second = photos
        with self.kept("alternative texts"):
            said = {f"alt-{photo.pk}": f"Picture {photo.pk}" for photo in photos}
            self.send(path, **said)
        with self.kept("another order"):
            self.send(path, f"later-{first.pk}")
        with self.kept("a picture less"):
            self.send(path, f"remove-{second.pk}")
        with self.kept("a preview"):
            self.send(path, "preview")
            self.client.get(f"/lettings/drafts/{Draft.objects.get().pk}/preview/")
        with self.kept("what can't be published"):
            self.send(path, "publish", 200, price="about 80")
        with self.emptied("publication"):
            self.send(path, "publish", price="80")
        self.assertFalse(Photo.objects.filter(pk=second.pk).exists())

    def a_public_letting(self):
        edit = f"/lettings/{self.public.pk}/edit/"
        with self.kept("an edit that isn't published, with a picture"):
            self.send(edit, title="Seaview")
            self.send(edit, "add", pictures=[upload()])
        with self.kept("its end"):
            self.post(f"/lettings/drafts/{Draft.objects.get().pk}/discard/")
        self.assertEqual(list(self.public.photos.all()), [self.shown])
        with self.emptied("an edit that is published"):
            self.send(edit, "publish", **WORDS)
        with self.kept("publication of what is public"):
            self.post(f"/lettings/{self.public.pk}/publish/")
        with self.emptied("the end of publication"):
            self.post(f"/lettings/{self.public.pk}/unpublish/")
        with self.kept("the same once more"):
            self.post(f"/lettings/{self.public.pk}/unpublish/")
        with self.emptied("publication of the whole"):
            self.post(f"/lettings/{self.public.pk}/publish/")
        with self.emptied("deletion of a public letting"):
            self.post(f"/lettings/{self.public.pk}/delete/")

    def a_private_letting(self):
        edit = f"/lettings/{self.private.pk}/edit/"
        with self.kept("an edit of a private letting, with a picture"):
            self.send(edit, "add", title="Seaview", pictures=[upload()])
        with self.kept("deletion of a private letting"):
            self.post(f"/lettings/{self.private.pk}/delete/")
        self.assertFalse(Letting.objects.filter(pk=self.private.pk).exists())
        private = make_letting("Again", host=self.host, published_at=None)
        with self.emptied("publication of a private letting by its form"):
            self.send(f"/lettings/{private.pk}/edit/", "publish", **WORDS)

    def what_a_guest_keeps(self):
        theirs = make_letting("Theirs", host=self.other)
        for do in ("save", "remove"):
            with self.kept(do):
                self.post(f"/lettings/{theirs.pk}/save/", {"do": do})

    def test_a_letting_that_is_public_later_counts_as_public(self):
        """Its moment may come between the decision and the commit."""
        Letting.objects.update(published_at=timezone.now() + timedelta(days=1))
        with self.emptied("an edit of what is public tomorrow"):
            self.send(f"/lettings/{self.private.pk}/edit/", "publish", **WORDS)
        with self.emptied("its deletion"):
            self.post(f"/lettings/{self.private.pk}/delete/")
