"""/admin/enquiries/"""

from django.contrib.auth import get_user_model
from django.test import TestCase

from .factories import People, make_enquiry


class AdminTests(People, TestCase):
    def setUp(self):
        self.enquiry = make_enquiry(self.letting)
        self.client.force_login(get_user_model().objects.create_superuser("keeper"))

    def test_the_list_costs_the_same_for_one_and_for_many(self):
        def queries():
            with self.assertNumQueries(5):  # the fifth: in which time zone they read
                self.client.get("/admin/enquiries/enquiry/")

        queries()
        for _ in range(12):
            make_enquiry(self.letting)
        queries()

    def test_it_is_there_to_be_read(self):
        url = f"/admin/enquiries/enquiry/{self.enquiry.pk}/change/"
        self.assertContains(self.client.get(url), "Is it free?")
        self.assertEqual(self.client.post(url, {"state": "booked"}).status_code, 403)
        self.assertEqual(self.client.get("/admin/enquiries/enquiry/add/").status_code, 403)

    def test_a_search(self):
        page = self.client.get("/admin/enquiries/enquiry/?q=oceanview")
        self.assertContains(page, "Oceanview Retreat")

    def test_a_stranger_is_sent_to_sign_in(self):
        self.client.force_login(self.stranger.user)
        self.assertEqual(self.client.get("/admin/enquiries/enquiry/").status_code, 302)
