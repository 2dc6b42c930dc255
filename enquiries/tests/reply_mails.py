"""Create answers by mail, as mail programs send them, and read what came of them."""

from email.message import EmailMessage
from itertools import count

from background.models import Mail
from enquiries.by_mail.addresses import answers_to
from enquiries.models import Message

SEEN, FLAGGED = {"\\Seen"}, {"\\Seen", "\\Flagged"}
_numbers = count(1)
QUOTED = "\n\nOn 21/11/2026 20:35, Orange County Lettings wrote:\n> ##- Write\n> Ann asks\n"


def answer(enquiry, text="Yes, it is.", *, by_host=True, quoted=QUOTED, **headers):
    """Return a mail in which one side answers."""
    mail = EmailMessage()
    headers = {
        "To": answers_to(enquiry.pk, by_host=by_host),
        "From": "Somebody <telephone@example.net>",
        "Message-ID": f"<{next(_numbers)}@example.net>",
        "Subject": "Re: New enquiry",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in headers.items():
        if value:
            mail[name] = value
    mail.set_content(f"{text}{quoted}")
    return mail


def texts():
    """Return the messages written since the enquiry."""
    return list(Message.objects.order_by("pk").values_list("text", flat=True))[1:]


def sent_mails():
    """Return the recipient and subject of each mail in the outbox."""
    mails_ = Mail.objects.order_by("pk").values_list("recipients", "subject")
    return [(recipients[0], subject) for recipients, subject in mails_]
