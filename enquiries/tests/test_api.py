"""/api/v1/enquiries and /api/v1/lettings/<id>/enquiries"""

from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.tests.test_tokens import make_token
from enquiries.models import Enquiry, Message
from enquiries.rate_limits import LIMITS
from lettings.tests.factories import make_letting

from .factories import People, day, make_enquiry, make_profile

LIST = "/api/v1/enquiries"


class ApiTests(People, TestCase):
    def setUp(self):
        self.new = f"/api/v1/lettings/{self.letting.pk}/enquiries"
        self.asked = {
            "arrive": str(day(10)),
            "leave": str(day(13)),
            "people": 2,
            "text": "Is it free?",
        }

    def ask(self, who, method, path, content=None, status=200, scopes=(), **headers):
        _row, token = make_token(who.user, *(scopes or ("enquiries:read", "enquiries:write")))
        headers |= {"Authorization": f"Bearer {token}"}
        send = getattr(self.client, method)
        options = {} if content is None else {"data": content, "content_type": "application/json"}
        response = send(path, headers=headers, **options)
        self.assertEqual(response.status_code, status, response.content)
        return response

    def test_write_answer_and_book(self):
        made = self.ask(self.guest, "post", self.new, self.asked, 201)
        enquiry = made.json()
        one = f"{LIST}/{enquiry['id']}"
        self.assertEqual(made["Location"], f"http://testserver{one}")
        self.assertEqual(enquiry["state"], "new")
        seen = self.ask(self.host, "get", one).json()
        self.assertEqual((seen["role"], seen["nights"]), ("host", 3))
        answer = self.ask(self.host, "post", f"{one}/messages", {"text": " It is. "}, 201).json()
        self.assertEqual(answer["state"], "answered")
        seen = self.ask(self.guest, "get", one).json()
        self.assertEqual(seen["role"], "guest")
        self.assertEqual([each["text"] for each in seen["messages"]], ["Is it free?", "It is."])
        self.assertEqual(self.ask(self.host, "post", f"{one}/book").json()["state"], "booked")
        self.assertEqual(self.ask(self.guest, "post", f"{one}/close").json()["state"], "closed")
        words = self.ask(self.guest, "post", f"{one}/messages", {"text": "Oh"}, 409).json()
        self.assertIn("closed", words["detail"])

    def test_a_key_sends_it_once(self):
        for _ in range(2):
            self.ask(self.guest, "post", self.new, self.asked, 201, **{"Idempotency-Key": "one"})
        self.assertEqual((Enquiry.objects.count(), Message.objects.count()), (1, 1))

    def test_nights_are_booked_once(self):
        for state, status in (("booked", None), ("new", 409)):
            enquiry = make_enquiry(self.letting, state=state)
        self.ask(self.host, "post", f"{LIST}/{enquiry.pk}/book", status=status)
        errors = self.ask(self.guest, "post", self.new, self.asked, 422).json()["errors"]
        self.assertEqual(errors[0]["name"], "arrive")
        self.assertIn("booked", errors[0]["detail"])

    def test_the_words_of_the_form(self):
        def errors(**wrong):
            answer = self.ask(self.guest, "post", self.new, self.asked | wrong, 422)
            return {each["name"]: each["detail"] for each in answer.json()["errors"]}

        self.assertEqual(errors(arrive=str(day(-2))), {"arrive": "This day has passed."})
        self.assertEqual(errors(people=9), {"people": "It sleeps 4 people."})
        self.assertEqual(
            errors(arrive="2027-06-31", people="2"),
            {"arrive": "Enter a valid date.", "people": "Enter a whole number."},
        )
        self.assertFalse(Enquiry.objects.exists())

    def test_only_the_host_decides(self):
        enquiry = make_enquiry(self.letting, guest=self.guest)
        for deed in ("book", "decline"):
            self.ask(self.guest, "post", f"{LIST}/{enquiry.pk}/{deed}", status=403)
        self.ask(self.host, "post", f"{LIST}/{enquiry.pk}/decline")
        enquiry.refresh_from_db()
        self.assertEqual(enquiry.state, "declined")

    def test_a_stranger(self):
        one = f"{LIST}/{make_enquiry(self.letting, guest=self.guest).pk}"
        self.ask(self.stranger, "get", one, status=404)
        self.ask(self.stranger, "post", f"{one}/messages", {"text": "x"}, 404)
        for deed in ("book", "decline", "close"):
            self.ask(self.stranger, "post", f"{one}/{deed}", status=404)
        self.assertEqual(self.ask(self.stranger, "get", LIST).json()["items"], [])

    def test_a_token_for_reading_writes_nothing(self):
        scopes = ("enquiries:read",)
        self.ask(self.guest, "post", self.new, self.asked, 403, scopes)
        self.ask(self.guest, "get", LIST, scopes=scopes)
        self.ask(self.guest, "get", LIST, status=403, scopes=("enquiries:write",))

    def test_a_token_for_writing_reads_nothing(self):
        one = f"{LIST}/{make_enquiry(self.letting, guest=self.guest).pk}"
        scopes = ("enquiries:write",)
        answers = [
            self.ask(self.guest, "post", self.new, self.asked, 201, scopes),
            self.ask(self.host, "post", f"{one}/messages", {"text": "It is."}, 201, scopes),
            self.ask(self.host, "post", f"{one}/decline", scopes=scopes),
        ]
        for answer in answers:
            self.assertEqual(set(answer.json()), {"id", "url", "state", "changed_at"})

    def test_messages_are_held_to_the_form(self):
        one = f"{LIST}/{make_enquiry(self.letting, guest=self.guest).pk}/messages"
        for text, words in (
            (" \0 ", "This field is required."),
            ("\x1c", "This field is required."),
        ):
            errors = self.ask(self.host, "post", one, {"text": text}, 422).json()["errors"]
            self.assertEqual(errors, [{"in": "body", "name": "text", "detail": words}])
        self.ask(self.host, "post", one, {"text": "a\0b"}, 201)
        self.assertEqual(Message.objects.last().text, "ab")

    def test_a_stay_that_is_over_stays_booked(self):
        past = make_enquiry(self.letting, guest=self.guest, arrive=-5, leave=-1, state="booked")
        answer = self.ask(self.guest, "post", f"{LIST}/{past.pk}/close", status=409)
        self.assertIn("The stay is over", answer.json()["detail"])
        past.refresh_from_db()
        self.assertEqual(past.state, "booked")

    def test_who_has_no_address_shares_no_limit(self):
        for name in ("noa", "nob"):
            nobody = make_profile(name)
            nobody.user.email = ""
            nobody.user.save()
            for _ in range(LIMITS["account"][0] - 1):
                self.ask(nobody, "post", self.new, self.asked, 201, REMOTE_ADDR=name)

    def test_where_nobody_is_to_write_to(self):
        self.ask(self.host, "post", self.new, self.asked, 409)
        draft = make_letting("Draft", host=self.host, published_at=None)
        self.ask(self.guest, "post", f"/api/v1/lettings/{draft.pk}/enquiries", self.asked, 404)

    def test_too_many(self):
        for _ in range(LIMITS["account"][0]):
            self.ask(self.guest, "post", self.new, self.asked, 201)
        response = self.ask(self.guest, "post", self.new, self.asked, 429)
        self.assertGreater(int(response["Retry-After"]), 0)

    def test_too_many_messages(self):
        one = f"{LIST}/{make_enquiry(self.letting, guest=self.guest).pk}/messages"
        for _ in range(LIMITS["thread"][0]):
            self.ask(self.guest, "post", one, {"text": "And?"}, 201)
        response = self.ask(self.guest, "post", one, {"text": "And?"}, 429)
        self.assertGreater(int(response["Retry-After"]), 0)
        self.ask(self.host, "post", one, {"text": "Please stop."}, 201)

    def test_the_list_in_pages_at_a_constant_cost(self):
        for number in range(30):
            make_enquiry(self.letting, guest=self.guest, text=str(number))
        _row, token = make_token(self.host.user)
        headers = {"Authorization": f"Bearer {token}"}
        self.client.get(LIST, headers=headers)  # notes the use of the token
        with CaptureQueriesContext(connection) as queries:
            first = self.client.get(LIST, headers=headers).json()
        self.assertLessEqual(len(queries), 3)
        second = self.client.get(first["next"], headers=headers).json()
        seen = [each["id"] for each in first["items"] + second["items"]]
        self.assertEqual(seen, sorted(Enquiry.objects.values_list("pk", flat=True), reverse=True))
        self.assertIsNone(second["next"])
        self.assertEqual(len(mail.outbox), 0)
