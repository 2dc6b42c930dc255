"""Answers as mail programs send them."""

from email.message import EmailMessage
from itertools import count

from enquiries.addresses import answers_to

_numbers = count(1)
QUOTED = "\n\nOn 21/11/2026 20:35, Orange County Lettings wrote:\n> ##- Write\n> Ann asks\n"


def answer(enquiry, text="Yes, it is.", *, by_host=True, quoted=QUOTED, **headers):
    """Give a mail by which one side answers."""
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
