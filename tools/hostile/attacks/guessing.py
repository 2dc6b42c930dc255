"""Passwords and codes guessed, while probes and addresses by the hundred fill what counts them.

Guessing stops who guesses, and nobody else: the owner comes in from elsewhere, a colleague from
the same office, and whom others have locked out by a link in a mail.
"""

from __future__ import annotations

from urllib.parse import urlencode

from ..site import Site

OFFICE, HOME = "203.0.113.7", "203.0.113.99"
PASSWORD = "oranges-in-november"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PEOPLE = f"""
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
for name in ("hostile-ada", "hostile-bob", "hostile-cid"):
    user = User.objects.create_user(name, name + "@example.org", {PASSWORD!r})
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
TOTP.activate(user, {SECRET!r})
"""
LINK = """
from background.models import Mail
body = Mail.objects.filter(recipients=["hostile-ada@example.org"]).latest("pk").content["body"]
print("link", next(word for word in body.split() if "/password/reset/key/" in word))
"""
CODE = f"""
from allauth.mfa.totp.internal import auth
step = next(auth.yield_hotp_counters_from_time())
print("code", auth.format_hotp_value(auth.hotp_value({SECRET!r}, step + 1)))
"""


def sign_in(site: Site, name: str, password: str, address: str, expect: set[int]):
    """Send the form of the sign-in."""
    form = urlencode({"login": name, "password": password}).encode()
    return site.post("/accounts/login/", form, expect=expect, address=address)


def attack(site: Site) -> None:
    """Guess a password, from one address and from many; then the code of the second factor."""
    site.run(PEOPLE)
    for _ in range(4):
        sign_in(site, "hostile-ada", "wrong", OFFICE, {200})
    sign_in(site, "hostile-ada", "wrong", OFFICE, {429})
    for _ in range(400):
        site.ask("GET", "/readyz", expect={200})
    sign_in(site, "hostile-ada", PASSWORD, OFFICE, {429})
    sign_in(site, "hostile-ada", PASSWORD, HOME, {302})
    sign_in(site, "hostile-bob", PASSWORD, OFFICE, {302})
    for _ in range(50):
        sign_in(site, "hostile-ada", "wrong", site.new_address(), {200, 429})
    sign_in(site, "hostile-ada", PASSWORD, HOME, {429})
    come_in_by_mail(site)
    guess_codes(site)


def come_in_by_mail(site: Site) -> None:
    """Do what the page of 429 says, as the owner of an account that others have locked."""
    form = urlencode({"email": "hostile-ada@example.org"}).encode()
    site.post("/accounts/password/reset/", form, expect={302}, address=HOME)
    path = "/" + site.run(LINK).split()[-1].split("/", 3)[-1]
    opened = site.ask("GET", path, expect={302}, address=HOME)
    cookie = {"Cookie": cookie_of(opened)}
    form = urlencode({"password1": PASSWORD * 2, "password2": PASSWORD * 2}).encode()
    chosen = site.post(opened.headers["Location"], form, cookie, expect={302}, address=HOME)
    site.ask("GET", "/accounts/", {"Cookie": cookie_of(chosen)}, expect={200}, address=HOME)


def guess_codes(site: Site) -> None:
    """Guess five codes, ask for probes by the hundred, and send the right one."""
    waiting = {"Cookie": cookie_of(sign_in(site, "hostile-cid", PASSWORD, HOME, {302}))}
    for _ in range(5):
        site.post("/accounts/2fa/authenticate/", b"code=000000", waiting, expect={200})
    for _ in range(400):
        site.ask("GET", "/readyz", expect={200})
    code = site.run(CODE).split()[-1].encode()
    for _ in range(8):  # each process
        answer = site.post("/accounts/2fa/authenticate/", b"code=" + code, waiting, expect={200})
        if b"Too many failed login attempts" not in answer.body:
            site.fail("the guesses of a second factor are forgotten")


def cookie_of(answer) -> str:
    """Return the session's Cookie that an answer sets."""
    found = answer.headers.get_all("Set-Cookie") or [""]
    return next((one.split(";")[0] for one in found if "sessionid" in one), "")
