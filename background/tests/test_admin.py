"""/admin/background/: the outbox and the jobs, for staff."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from background import delivery
from background.models import Job, Mail


def make_mail(number, state="failed"):
    return Mail.objects.create(
        message_id=f"<{number}@example.org>",
        subject=f"Mail {number}",
        recipients=["host@example.org"],
        content={"body": "the secret link"},
        state=state,
    )


class AdminTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        users = get_user_model().objects
        cls.keeper = users.create_superuser("keeper")
        cls.visitor = users.create_user("visitor")
        cls.mail = make_mail(0)
        cls.job = Job.objects.create(name="background.tasks.sweep")

    def setUp(self):
        self.client.force_login(self.keeper)

    def test_the_list_costs_the_same_for_one_and_for_many(self):
        def queries():
            with self.assertNumQueries(5):  # the fifth: in which time zone they read
                return self.client.get("/admin/background/mail/")

        self.assertContains(queries(), "host@example.org")
        for number in range(1, 12):
            make_mail(number)
        queries()

    def test_nobody_sees_what_a_mail_says_or_changes_it(self):
        page = self.client.get(f"/admin/background/mail/{self.mail.pk}/change/")
        self.assertContains(page, "Mail 0")
        self.assertNotContains(page, "the secret link")
        post = self.client.post(f"/admin/background/mail/{self.mail.pk}/change/", {"subject": "x"})
        self.assertEqual(post.status_code, 403)
        self.assertEqual(self.client.get("/admin/background/mail/add/").status_code, 403)

    def test_what_failed_is_tried_again(self):
        sent = make_mail(1, "sent")
        with self.captureOnCommitCallbacks() as handed_over:
            page = self.client.post(
                "/admin/background/mail/",
                {"action": "try_again", "_selected_action": [self.mail.pk, sent.pk]},
                follow=True,
            )
        self.assertContains(page, "1 mail is tried again.")
        self.assertEqual(len(handed_over), 1)
        states = Mail.objects.order_by("pk").values_list("state", flat=True)
        self.assertEqual(list(states), ["waiting", "sent"])

    def test_what_is_tried_again_has_another_day(self):
        long_ago = timezone.now() - timedelta(days=9)
        mails = Mail.objects.filter(pk=self.mail.pk)
        mails.update(tries=40, tried_until=long_ago, due_at=long_ago)
        delivery.try_again(mails)
        mail = mails.get()
        self.assertEqual(mail.tries, 0)
        self.assertGreater(mail.tried_until, timezone.now() + timedelta(hours=23))
        self.assertLessEqual(mail.due_at, timezone.now())

    def test_the_jobs_are_listed(self):
        self.assertContains(self.client.get("/admin/background/job/"), "background.tasks.sweep")

    def test_a_stranger_is_sent_to_sign_in(self):
        self.client.force_login(self.visitor)
        for page in ("mail", "job"):
            self.assertRedirects(
                self.client.get(f"/admin/background/{page}/"),
                f"/admin/login/?next=/admin/background/{page}/",
                fetch_redirect_response=False,
            )
