"""/lettings/new/ and /lettings/drafts/<id>/: a letting that is not there yet."""

from unittest import mock

from django.urls import reverse

from lettings.hosting import drafts
from lettings.models import Draft, Letting

from .host_case import WORDS, HostTestCase, add_photo, make_profile

NEW = "/lettings/new/"


class NewLettingTests(HostTestCase):
    def test_it_works(self):
        response = self.client.get(NEW)
        self.assertContains(response, "<h1>A new letting</h1>", html=True)
        self.assertContains(response, 'value="USA"')
        self.assertContains(response, 'value="USD"')
        self.assertFalse(Draft.objects.exists(), "looking makes no draft")

    def test_a_draft_may_be_incomplete_and_keeps_what_was_typed(self):
        typed = {"title": "", "price": "about 80", "number": "12b", "state": "Georgia"}
        response = self.send(NEW, **typed)
        draft = Draft.objects.get()
        self.assertRedirects(response, f"/lettings/drafts/{draft.pk}/")
        self.assertEqual(draft.host, self.host)
        response = self.client.get(draft.get_absolute_url())
        for words in ("about 80", "12b", "Georgia"):
            self.assertContains(response, f'value="{words}"')
        self.assertNotContains(response, "can't be published")

    def test_publishing_says_what_is_missing_beside_each_field_and_loses_nothing(self):
        response = self.send(NEW, "publish", price="about 80", description="A bed in a silo.")
        self.assertContains(response, "Your draft is saved, but it can't be published yet")
        self.assertContains(response, '<a href="#id_title">Title</a>: This field is required.')
        self.assertContains(response, '<a href="#id_price">Price a night</a>: Enter a number.')
        self.assertContains(response, 'aria-describedby="id_price_error"')
        self.assertContains(response, "A bed in a silo.")
        errors = response.context["form"].errors
        self.assertTrue(all(len(said) == 1 for said in errors.values()), errors)
        self.assertEqual(Letting.objects.count(), 1)
        self.assertEqual(Draft.objects.get().data["words"]["price"], "about 80")

    def test_publishing_makes_the_letting(self):
        response = self.send(NEW, "publish", **WORDS)
        letting = Letting.objects.get(title="Silo Studio")
        self.assertRedirects(response, letting.get_absolute_url())
        self.assertEqual((letting.host, str(letting.price)), (self.host, "1180.50"))
        self.assertEqual((letting.currency, letting.bedrooms), ("USD", 0))
        self.assertEqual(
            (str(letting.address), letting.address.state), ("7217 Bedford Street", "GA")
        )
        self.assertFalse(Draft.objects.exists())
        self.client.logout()
        self.assertContains(self.client.get(letting.get_absolute_url()), "Silo Studio")

    def meanwhile(self, happen):
        """Call ``happen`` after a draft is saved and before it is published."""
        publish = drafts.publish

        def after(*args):
            with mock.patch.object(drafts, "publish", publish):
                happen()
            return publish(*args)

        return mock.patch.object(drafts, "publish", after)

    def test_two_clicks_make_one_letting_with_its_pictures(self):
        draft = self.make_draft()
        photo = add_photo("", draft=draft)
        path = draft.get_absolute_url()
        self.send(path, **{f"alt-{photo.pk}": "A silo"})
        with self.meanwhile(lambda: self.send(path, "publish")):
            response = self.send(path, "publish")
        self.assertRedirects(response, "/lettings/mine/")
        letting = Letting.objects.published().get(title="Silo Studio")
        self.assertEqual(letting.photos.get(), photo)

    def test_a_draft_discarded_while_it_is_saved(self):
        draft = self.make_draft()
        keep = drafts.keep

        def too_late(*args):
            Draft.objects.all().delete()
            keep(*args)

        with mock.patch.object(drafts, "keep", too_late):
            response = self.send(draft.get_absolute_url(), title="Silo")
        self.assertRedirects(response, "/lettings/mine/", fetch_redirect_response=False)
        self.assertShowsMessage(response, "That draft was published or discarded meanwhile.")

    def test_a_save_in_another_window_prevents_publishing(self):
        path = self.make_draft().get_absolute_url()
        with self.meanwhile(lambda: self.send(path, title="Another silo")):
            response = self.send(path, "publish")
        self.assertContains(response, "changed in another window", status_code=409)
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Another silo")
        self.assertEqual(Letting.objects.count(), 1)

    def test_a_picture_added_meanwhile_is_not_lost(self):
        draft = self.make_draft()
        with self.meanwhile(lambda: add_photo("A bed", draft=draft)):
            response = self.send(draft.get_absolute_url(), "publish")
        self.assertEqual(response.status_code, 409)
        self.assertEqual(draft.photos.get().alt, "A bed")

    def test_pictures_go_along_in_their_order_and_need_words(self):
        draft = self.make_draft()
        first, second = add_photo("", draft=draft), add_photo("", draft=draft)
        response = self.send(draft.get_absolute_url(), "publish", **{f"alt-{first.pk}": "A silo"})
        self.assertContains(response, "Say what the picture shows")
        self.send(draft.get_absolute_url(), f"later-{first.pk}")
        self.send(draft.get_absolute_url(), "publish", **{f"alt-{second.pk}": "A bed"})
        letting = Letting.objects.get(title="Silo Studio")
        self.assertEqual([photo.alt for photo in letting.photos.all()], ["A bed", "A silo"])

    def test_values_that_no_column_can_hold(self):
        draft = self.make_draft()
        path = draft.get_absolute_url()
        for name, value in {
            "price": "0",
            "sleeps": "0",
            "bedrooms": "99999",
            "number": "–",
            "currency": "$",
            "state": "Georgia",
            "zip_code": "315",
            "country_iso_code": "US",
            "title": "x" * 257,
            "description": "x" * 10_001,
        }.items():
            with self.subTest(name):
                response = self.send(path, "publish", **WORDS | {name: value})
                self.assertEqual(list(response.context["form"].errors), [name])

    def test_nul_is_left_out(self):
        self.send(NEW, title="Silo\0 Studio")
        self.assertEqual(Draft.objects.get().data["words"]["title"], "Silo Studio")

    def test_the_script_saves_and_is_told_the_new_address(self):
        data = {"stamp": self.stamp(NEW), "title": "Silo"}
        response = self.client.post(NEW, data, headers={"Accept": "application/json"})
        draft = Draft.objects.get()
        self.assertEqual(response.json()["url"], f"/lettings/drafts/{draft.pk}/")
        self.assertEqual(response.json()["stamp"], draft.stamp)

    def test_a_repeated_save_after_a_lost_answer(self):
        data = {"stamp": self.stamp(NEW), "title": "Silo"}
        headers = {"Accept": "application/json"}
        first, second = (self.client.post(NEW, data, headers=headers).json() for _ in range(2))
        self.assertEqual(first["url"], second["url"])
        self.assertEqual(Draft.objects.get().stamp, second["stamp"])
        # Neither another host's, nor one whose pictures would be mixed with those to come.
        add_photo("", draft=Draft.objects.get())
        for host in (self.host, self.other):
            self.client.force_login(host.user)
            answer = self.client.post(NEW, data, headers=headers)
            self.assertNotEqual(answer.json()["url"], first["url"])

    def test_a_wrong_method(self):
        draft = self.make_draft()
        for path in (NEW, draft.get_absolute_url()):
            self.assertEqual(self.client.options(path).status_code, 405)

    def test_a_stranger(self):
        draft = self.make_draft()
        self.client.force_login(make_profile("stranger").user)
        self.assertEqual(self.client.get(draft.get_absolute_url()).status_code, 404)

    def test_a_bad_id(self):
        for bad in ("999", "0", "9" * 30, "one"):
            self.assertEqual(self.client.get(f"/lettings/drafts/{bad}/").status_code, 404)

    def test_the_draft_of_a_letting_has_its_page_there(self):
        self.send(reverse("lettings:edit", args=[self.letting.pk]), title="Other")
        draft = Draft.objects.get()
        self.assertEqual(self.client.get(f"/lettings/drafts/{draft.pk}/").status_code, 404)
