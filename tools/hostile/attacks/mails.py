"""Mails at a stranger's will: many to one person, to who has no account, with their own words.

And a rival's enquiries, which must neither silence a letting nor fill its host's mailbox.
"""

from __future__ import annotations

from urllib.parse import urlencode

from ..site import Site

VICTIM, TYPED = "hostile-victim@example.org", "buy-now-at-hostile"
MOST = 12  # mails to one address a day, of all kinds
LETTING = """
from lettings.models import Letting
found = Letting.objects.published().filter(host__isnull=False).order_by("pk").first()
found.title = {typed!r}
found.save()
print("letting", found.pk)
"""
STAMPS = """
from django.utils import timezone
from unittest import mock
from enquiries.forms import STAMP
from datetime import timedelta
with mock.patch("time.time", return_value=timezone.now().timestamp() - 60):
    print("stamps", *[STAMP.sign("hostile" + str(n)) for n in range(40)])
days = [timezone.localdate() + timedelta(days=n) for n in (300, 303)]
print("days", *days)
"""
SENT = """
from background.models import Mail
to_victim = Mail.objects.filter(recipients=[{victim!r}])
words = [mail for mail in to_victim if {typed!r} in str(mail.subject) + str(mail.content)]
stranger = Mail.objects.filter(recipients=["hostile-nobody@example.org"])
hosts = [mail for mail in Mail.objects.all() if "hostile" not in str(mail.recipients)]
from enquiries.models import Enquiry
asked = Enquiry.objects.filter(letting_title={typed!r}).count()
print("sent", to_victim.count(), len(words), stranger.count(), len(hosts), asked)
"""


def attack(site: Site) -> None:
    """Sign up, ask for passwords and write to a host, all in the name of one victim."""
    before = count(site)
    for number in range(40):
        form = {"username": f"{TYPED}-{number}", "email": VICTIM}
        form |= {"password1": "oranges-in-november", "password2": "oranges-in-november"}
        site.post("/accounts/signup/", urlencode(form).encode(), expect={200, 302})
        for email in (VICTIM, "hostile-nobody@example.org"):
            form = urlencode({"email": email}).encode()
            site.post("/accounts/password/reset/", form, expect={302})
    write(site)
    victim, words, stranger, hosts, asked = (
        after - number for after, number in zip(count(site), before, strict=True)
    )
    if victim > 2 * MOST:
        site.fail(f"{victim} mails to one address")
    if words:
        site.fail(f"{words} mails with a stranger's words to an address that nobody confirmed")
    if stranger:
        site.fail(f"{stranger} mails to somebody who has no account")
    if hosts > 32:
        site.fail(f"{hosts} mails to a host within an hour")
    if asked < 40:
        site.fail(f"{asked} enquiries of 40 arrived: a letting was silenced")


def write(site: Site) -> None:
    """Send forty enquiries, each from another network, some in the victim's name."""
    letting = site.run(LETTING.format(typed=TYPED)).split()[-1]
    printed = site.run(STAMPS)
    stamps = printed.split("stamps ")[1].split("\n")[0].split()
    arrive, leave = printed.split("days ")[1].split()
    for number, stamp in enumerate(stamps):
        form = {"arrive": arrive, "leave": leave, "people": 1, "stamp": stamp, "website": ""}
        form |= {"guest_name": TYPED, "text": TYPED}
        email = VICTIM if number % 10 == 0 else f"hostile-{number}@example.org"
        form["guest_email"] = email
        path = f"/enquiries/to/{letting}/"
        site.post(path, urlencode(form).encode(), expect={302})


def count(site: Site) -> list[int]:
    """Return mails to the victim, with typed words, to nobody, to hosts; and enquiries."""
    printed = site.run(SENT.format(victim=VICTIM, typed=TYPED)).split("sent ")[1]
    return [int(number) for number in printed.split()]
