"""A private letting that is published while a request or a task writes to it."""

from unittest import mock

from django.db import transaction
from django.utils import timezone

from core.pagecache import generation
from lettings.cache_invalidation import is_private, keep_pages_if_private
from lettings.hosting import drafts, publishing
from lettings.models import Draft, Letting, Photo
from lettings.photos import pictures
from lettings.tasks import make_missing_renditions, make_renditions
from lettings.tests.host_case import WORDS, add_photo, upload

from .host_session import HostSessionCase


class MeanwhileTests(HostSessionCase):
    """What is private when a request begins need not be when it writes."""

    def test_a_letting_is_published_before_it_is_edited_or_deleted(self):
        Letting.objects.filter(pk=self.private.pk).update(published_at=timezone.now())
        for write in (lambda: self.private.save(update_fields=["title"]), self.hidden.delete):
            with self.emptied("a write to what was private"), transaction.atomic():
                with keep_pages_if_private(self.private):
                    write()
        with self.emptied("deletion of what was private"):
            publishing.delete(self.private)

    def test_a_letting_has_another_address(self):
        """Then the address in memory may be another letting's."""
        self.private.address = self.public.address
        with transaction.atomic():
            self.assertFalse(is_private(self.private))
            self.assertFalse(is_private(Letting(address=self.public.address)))
            self.assertTrue(is_private(Letting()))

    def test_a_draft_is_published_before_it_is_discarded(self):
        self.send("/lettings/new/", **WORDS)
        draft = Draft.objects.get()
        photo = add_photo("A door", draft=draft)
        self.send(draft.get_absolute_url(), "publish")
        with self.assertRaises(drafts.Gone):
            drafts.discard(draft)
        self.assertTrue(Photo.objects.get(pk=photo.pk).letting.is_public())

    def test_a_picture_of_a_draft_that_is_public_all_the_same(self):
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        Photo.objects.update(draft=draft)
        with self.emptied("the draft's end"):
            drafts.discard(draft)
        self.assertFalse(Photo.objects.exists())


class ThumbnailTests(HostSessionCase):
    def picture(self, **owner):
        name = pictures.keep(pictures.open_upload(upload().file))
        fields = {"image": name, "alt": "A door", "width": 1440, "height": 960}
        with mock.patch("lettings.photos.files.after_commit"):
            return Photo.objects.create(is_made=False, **fields, **owner)

    def test_the_tasks(self):
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        for run in (make_renditions, lambda _pk: make_missing_renditions()):
            for owner, expect in (
                ({"draft": draft}, self.kept),
                ({"letting": self.private}, self.kept),
                ({"letting": self.public}, self.emptied),
            ):
                photo = self.picture(**owner)
                with self.subTest(owner), expect("a thumbnail"):
                    run(photo.pk)
                photo.refresh_from_db()
                self.assertTrue(photo.is_made)

    def test_what_is_published_while_its_thumbnails_are_made(self):
        """Published between the look at drafts' pictures and that at lettings'."""
        draft = Draft.objects.create(host=self.host, data={}, stamp="")
        photo = self.picture(draft=draft)
        made = pictures.make

        def then_published(name):
            made(name)
            Photo.objects.filter(pk=photo.pk).update(letting=self.public, draft=None)
            self.token = generation()

        with mock.patch.object(pictures, "make", then_published):
            make_renditions(photo.pk)
        self.assertNotEqual(generation(), self.token)
        photo.refresh_from_db()
        self.assertTrue(photo.is_made)
