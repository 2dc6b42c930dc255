"""Each size of a letting is wherever one would look for it."""

from django.contrib import admin
from django.test import RequestFactory

from lettings import personal_data
from lettings.api import schemas
from lettings.browsing.forms import BOUNDS
from lettings.browsing.structured_data import letting_data
from lettings.models import SIZES, Letting
from lettings.sample.generated import top_up
from lettings.sample.original_content import PLACES
from lettings.templatetags.lettings_display import facts
from lettings.tests.host_case import HostTestCase

# A number for each that is nowhere else on a page.
GIVEN = {name: 41 + place for place, name in enumerate(SIZES)}


class SizesTests(HostTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Letting.objects.filter(pk=cls.letting.pk).update(**GIVEN)
        cls.letting.refresh_from_db()

    def missing_from(self, text):
        """Return the sizes whose number is not in the text."""
        return [name for name, number in GIVEN.items() if str(number) not in text]

    def test_pages(self):
        facts_of_page = self.client.get(self.letting.get_absolute_url()).content.decode()
        facts_of_page = facts_of_page.partition("<dl>")[2].partition("</dl>")[0]
        self.assertEqual(self.missing_from(facts_of_page), [])
        self.assertEqual(self.missing_from(facts(self.letting)), [])
        data = letting_data(self.letting, str)["containsPlace"]
        self.assertEqual(self.missing_from(str(data)), [])

    def test_a_host_edits_them(self):
        path = f"/lettings/{self.letting.pk}/edit/"
        page = self.client.get(path)
        for name, number in GIVEN.items():
            self.assertContains(page, f'name="{name}" value="{number}"')
        self.send(path, **{name: "2" for name in SIZES})
        self.assertEqual(self.client.get(path).context["form"][SIZES[0]].value(), "2")
        self.send(path, "publish")
        self.letting.refresh_from_db()
        self.assertEqual({getattr(self.letting, name) for name in SIZES}, {2})
        self.send(path, "publish", **{name: "" for name in SIZES})
        self.letting.refresh_from_db()
        self.assertEqual({getattr(self.letting, name) for name in SIZES}, {None})

    def test_filters(self):
        for name, number in GIVEN.items():
            for least, found in ((number, 1), (number + 1, 0)):
                page = self.client.get("/lettings/", {name: least})
                self.assertEqual(page.context["page"].count, found, name)
                api = self.client.get("/api/v1/lettings", {name: least}).json()
                self.assertEqual(api["count"], found, name)
            self.assertContains(page, f'name="{name}"')
            self.assertEqual(BOUNDS[name].lookup, f"{name}__gte")

    def test_api(self):
        shown = self.client.get(f"/api/v1/lettings/{self.letting.pk}").json()
        self.assertEqual({name: shown[name] for name in SIZES}, GIVEN)
        for schema in (schemas.LettingIn, schemas.LettingPatch, schemas.LettingFilters):
            self.assertLessEqual(set(SIZES), set(schema.model_fields), schema)

    def test_export(self):
        [letting] = personal_data.collect(self.host)["lettings"]
        self.assertEqual({name: letting[name] for name in SIZES}, GIVEN)

    def test_admin(self):
        request = RequestFactory().get("/")
        request.user = self.staff.user
        sets = admin.site.get_model_admin(Letting).get_fieldsets(request)
        self.assertLessEqual(set(SIZES), set(str(sets).split("'")))

    def test_sample(self):
        for place in PLACES:
            self.assertEqual(set(place.sizes), set(SIZES), place.title)
        top_up(1)
        made = Letting.objects.latest("pk")
        self.assertNotIn(None, [getattr(made, name) for name in SIZES])
