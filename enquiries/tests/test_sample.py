"""The sample's enquiries."""

from collections import Counter

from django.core import mail
from django.core.management import call_command
from django.test import TestCase, override_settings

from enquiries.models import Enquiry, Message


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
class SampleTests(TestCase):
    def rows(self):
        return list(Enquiry.objects.order_by("pk").values("letting", "arrive", "leave", "state"))

    def test_a_year_of_them_in_each_state_and_nobody_is_mailed(self):
        call_command("load_sample", verbosity=0)
        states = Counter(Enquiry.objects.values_list("state", flat=True))
        self.assertEqual(set(states), set(Enquiry.State))
        self.assertGreater(sum(states.values()), 150)
        self.assertEqual(mail.outbox, [])
        for enquiry in Enquiry.objects.select_related("letting", "host", "guest"):
            enquiry.full_clean(exclude=["origin"])
            self.assertNotEqual(enquiry.host, enquiry.guest)
        self.assertEqual(Message.objects.filter(by_host=False).count(), sum(states.values()))

    def test_it_is_the_same_at_every_load_and_once(self):
        call_command("load_sample", verbosity=0)
        first = self.rows()
        call_command("load_sample", verbosity=0)
        self.assertEqual(self.rows(), first)
