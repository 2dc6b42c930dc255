"""Photos on a letting's page and on cards."""

from django.test import TestCase

from lettings.models import Photo

from .test_letting import make_letting

NAMES = ("silo-studio", "oceanview")


class PhotoTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.letting = make_letting("Silo", price="120")
        for position, name in enumerate(NAMES):
            # As load_sample does: the sizes are known, and the file is not opened.
            Photo.objects.bulk_create(
                [
                    Photo(
                        letting=cls.letting,
                        image=f"sample/{name}-1440.webp",
                        alt=f'The "{name}" & its garden',
                        position=position,
                        width=1440,
                        height=960,
                    )
                ]
            )

    def test_the_first_photo_loads_at_once_and_the_others_lazily(self):
        page = self.client.get(self.letting.get_absolute_url()).text
        pictures = page.split("<picture>")[1:]
        self.assertEqual(len(pictures), 2)
        first, second = pictures
        self.assertIn('fetchpriority="high"', first)
        self.assertNotIn("lazy", first)
        self.assertIn('loading="lazy"', second)
        for picture, name in zip(pictures, NAMES, strict=True):
            self.assertIn(f"sample/{name}-1440.avif 1440w", picture)
            self.assertIn(f"sample/{name}-480.webp 480w", picture)
            self.assertIn('width="960" height="640"', picture)
            self.assertIn(f"The &quot;{name}&quot; &amp; its garden", picture)

    def test_a_card_shows_the_first(self):
        page = self.client.get("/lettings/").text
        self.assertEqual(page.count("<picture>"), 1)
        self.assertIn("sample/silo-studio-960.jpg", page)

    def test_photos_of_later_cards_load_lazily(self):
        for number in range(3):
            letting = make_letting(f"House {number}")
            photo = self.letting.photos.all()[0]
            photo.pk, photo.letting = None, letting
            Photo.objects.bulk_create([photo])
        page = self.client.get("/lettings/").text
        self.assertEqual(page.count('fetchpriority="high"'), 2)
        self.assertEqual(page.count('loading="lazy"'), 2)
        page = self.client.get(self.letting.get_absolute_url()).text
        self.assertEqual(page.count('fetchpriority="high"'), 1, "what is near can wait")

    def test_link_previews_show_the_first(self):
        response = self.client.get(self.letting.get_absolute_url())
        self.assertContains(response, '<meta property="og:image" content="http://testserver/')
        self.assertContains(response, 'silo-studio-960.jpg">')

    def test_without_photos_a_text_is_shown(self):
        Photo.objects.all().delete()
        self.assertContains(self.client.get(self.letting.get_absolute_url()), "No picture yet")
        self.assertContains(self.client.get("/lettings/"), "No picture yet")
