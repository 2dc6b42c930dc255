"""/lettings/<id>/edit/: what a host changes, and what happens when two windows do."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.templatetags.dates import moment
from lettings.models import Draft, Letting, Photo

from .factories import make_letting
from .host_case import HostTestCase, add_photo


class EditTestCase(HostTestCase):
    def setUp(self):
        super().setUp()
        self.path = f"/lettings/{self.letting.pk}/edit/"

    def public_title(self):
        return Letting.objects.get(pk=self.letting.pk).title


class EditTests(EditTestCase):
    def test_it_works(self):
        response = self.client.get(self.path)
        self.assertContains(response, 'value="Oceanview Retreat"')
        self.assertContains(response, 'name="price" value="260"')
        self.assertContains(response, 'value="Picture 0"')
        self.assertFalse(Draft.objects.exists())

    def test_a_change_is_not_public_before_it_is_published(self):
        self.assertRedirects(self.send(self.path, title="Seaview"), self.path)
        self.assertEqual(self.public_title(), "Oceanview Retreat")
        self.assertContains(self.client.get(self.path), 'value="Seaview"')
        response = self.send(self.path, "publish")
        self.assertRedirects(response, self.letting.get_absolute_url())
        self.assertEqual(self.public_title(), "Seaview")
        self.assertFalse(Draft.objects.exists())

    def test_publishing_keeps_the_day_of_a_public_letting(self):
        day = self.letting.published_at
        self.send(self.path, "publish", title="Seaview")
        self.letting.refresh_from_db()
        self.assertEqual(self.letting.published_at, day)

    def test_publishing_keeps_the_day_that_is_to_come(self):
        day = timezone.now() + timedelta(days=30)
        Letting.objects.filter(pk=self.letting.pk).update(published_at=day)
        self.assertContains(self.client.get(self.path), f"Visitors see this from {moment(day)} on")
        response = self.send(self.path, "publish", title="Seaview")
        self.assertShowsMessage(
            response, f"“Seaview” is changed. It is public from {moment(day)}, as before."
        )
        self.letting.refresh_from_db()
        self.assertEqual((self.letting.title, self.letting.published_at), ("Seaview", day))

    def test_a_draft_says_when_it_was_saved_and_in_which_zone(self):
        said = r"Draft saved at \d\d:\d\d UTC\."
        page = self.client.get(self.send(self.path)["Location"])
        self.assertEqual(len(re.findall(said, page.text)), 2)

    def test_order_and_removal_wait_for_publication_too(self):
        first, second = self.photos
        third = add_photo("Picture 2", letting=self.letting, position=2)
        self.send(self.path, f"earlier-{second.pk}")
        self.send(self.path, f"remove-{first.pk}", **{f"alt-{third.pk}": "A porch"})
        names = [photo.alt for photo in self.letting.photos.all()]
        self.assertEqual(names, ["Picture 0", "Picture 1", "Picture 2"])
        self.send(self.path, "publish")
        names = [photo.alt for photo in self.letting.photos.all()]
        self.assertEqual(names, ["Picture 1", "A porch"])

    def test_what_a_picture_shows_is_kept_as_the_form_reads_it(self):
        """More blanks than the column holds are no reason to fail."""
        name = f"alt-{self.photos[0].pk}"
        self.send(self.path, "publish", **{name: " " * 150 + "A door at the lake " * 5})
        alt = self.letting.photos.first().alt
        self.assertEqual(alt, ("A door at the lake " * 5).strip())

    def test_a_step_beyond_the_end_or_of_nothing_changes_nothing(self):
        wide = "earlier-" + "9" * 5000  # more digits than Python reads
        for action in (f"earlier-{self.photos[0].pk}", "later-999", "later-", "remove-x²", wide):
            self.send(self.path, action)
            self.assertEqual(len(Draft.objects.get().data["pictures"]), 2)
        self.assertEqual(Draft.objects.get().data["pictures"][0][0], self.photos[0].pk)

    def test_another_lettings_picture_can_not_be_changed(self):
        theirs = add_photo("Theirs", letting=make_letting("Theirs", host=self.other))
        loose = add_photo("Loose", draft=self.make_draft(self.other))
        for photo in (theirs, loose):
            self.send(self.path, f"remove-{photo.pk}", **{f"alt-{photo.pk}": "Mine"})
        self.send(self.path, "publish")
        self.assertEqual(
            list(Photo.objects.exclude(letting=self.letting).values_list("alt", flat=True)),
            ["Theirs", "Loose"],
        )

    def test_staff_edit_without_becoming_the_host(self):
        self.client.force_login(self.staff.user)
        self.send(self.path, "publish", title="Seaview")
        self.letting.refresh_from_db()
        self.assertEqual((self.letting.title, self.letting.host), ("Seaview", self.host))

    def test_staff_edit_a_letting_without_a_host(self):
        Letting.objects.update(host=None)
        self.client.force_login(self.staff.user)
        self.send(self.path, "publish", title="Seaview")
        self.letting.refresh_from_db()
        self.assertEqual((self.letting.title, self.letting.host), ("Seaview", None))

    def test_a_constant_number_of_queries(self):
        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.path)
            return len(queries)

        few = count()
        for position in range(2, 9):
            add_photo(letting=self.letting, position=position)
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 7)

    def test_a_wrong_method(self):
        self.assertEqual(self.client.options(self.path).status_code, 405)

    def test_a_stranger(self):
        self.client.force_login(self.other.user)
        self.assertEqual(self.client.get(self.path).status_code, 404)
        self.assertEqual(self.client.post(self.path, {"title": "Mine"}).status_code, 404)

    def test_a_bad_id(self):
        for bad in ("999", "0", "9" * 30):
            self.assertEqual(self.client.get(f"/lettings/{bad}/edit/").status_code, 404)


class ConflictTests(EditTestCase):
    def post(self, stamp, **fields):
        return self.client.post(self.path, {"stamp": stamp, **fields})

    def test_the_second_of_two_windows_gets_a_conflict_and_keeps_its_text(self):
        stamp = self.stamp(self.path)
        self.post(stamp, title="First")
        response = self.post(stamp, title="Second")
        self.assertEqual(response.status_code, 409)
        self.assertContains(response, "changed in another window", status_code=409)
        self.assertContains(response, 'value="Second"', status_code=409)
        self.assertEqual(Draft.objects.get().data["words"]["title"], "First")
        # Knowing of it, the next save puts it in the other's place.
        self.post(response.context["draft"].stamp, title="Second")
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Second")

    def test_both_windows_may_save_the_same_words(self):
        stamp = self.stamp(self.path)
        self.post(stamp, title="First")
        second = Draft.objects.get().stamp
        self.assertEqual(self.post(second, title="First").status_code, 302)

    def test_a_repeated_save_after_a_lost_answer(self):
        self.send(self.path, title="Before")
        stamp = self.stamp(self.path)
        for _ in range(2):
            self.assertEqual(self.post(stamp, title="First").status_code, 302)

    def test_a_published_draft_is_a_conflict_too(self):
        stamp = self.stamp(self.path)
        self.send(self.path, "publish", title="First")
        self.assertEqual(self.post(stamp, title="Second").status_code, 409)
        self.assertEqual(self.post(stamp, action="publish").status_code, 409)
        self.assertEqual(self.public_title(), "First")

    def test_a_change_in_the_admin_is_a_conflict_too(self):
        stamp = self.stamp(self.path)
        Letting.objects.update(price="99")
        self.assertEqual(self.post(stamp, title="Second").status_code, 409)

    def test_the_script_gets_a_message(self):
        response = self.client.post(
            self.path, {"stamp": "old"}, headers={"Accept": "application/json"}
        )
        self.assertEqual(response.status_code, 409)
        self.assertIn("Your words are still here", response.json()["message"])

    def test_a_new_letting_s_draft(self):
        draft = self.make_draft()
        path = draft.get_absolute_url()
        self.assertEqual(self.client.post(path, {"stamp": "old"}).status_code, 409)
        self.assertEqual(self.client.post(path, {"stamp": "first"}).status_code, 302)
