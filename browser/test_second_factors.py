"""A passkey and an app's codes let somebody in: with a key of Chromium's own, and a clock.

A browser gives passkeys to https alone, and to localhost, where the site has to be one that is
not deployed: a deployed one believes https alone.
"""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from .pages import sign_in
from .site import STAFF_NAME, STAFF_PASSWORD, running_site

PERIOD = 30  # seconds that a code holds, and as many again
# https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/: as a telephone's own
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site():
    """The site at home, on localhost."""
    with running_site(environment="test") as site:
        yield site


@pytest.fixture
def page(new_page):
    """A page of a browser that has a passkey's keeper in it."""
    page = new_page(viewport={"width": 1280, "height": 800})
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})
    return page


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main form .button").click()
    page.wait_for_url("**/")


def give_password(page, name):
    """Come as far as the second factor."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/2fa/authenticate/")


def password_again(page, path):
    """Return the password once more, which a sign-in does not spare one; come to that path."""
    page.wait_for_url("**/accounts/reauthenticate/?next=*")
    page.locator("#id_password").fill(STAFF_PASSWORD)
    page.locator("form:has(#id_password) .button").first.click()
    page.wait_for_url(path)


def give_code(page, code):
    page.locator("#id_code").fill(code)
    page.locator("form:has(#id_code) .button").first.click()


def test_a_passkey_signs_in_alone_and_after_the_password(page):
    sign_in(page, STAFF_NAME)
    page.goto("/accounts/2fa/webauthn/add/")
    password_again(page, "**/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("The telephone")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")

    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/accounts/")

    sign_out(page)
    give_password(page, STAFF_NAME)
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url("**/accounts/")

    page.goto("/accounts/2fa/webauthn/")
    page.locator(".tokens .danger").click()
    password_again(page, "**/remove/")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("You haven't added any yet.").wait_for()
    sign_out(page)
    sign_in(page, STAFF_NAME)


def test_an_apps_code_and_a_recovery_code_sign_in(page):
    sign_in(page, STAFF_NAME)
    page.goto("/accounts/2fa/totp/activate/")
    password_again(page, "**/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    step = int(time.time()) // PERIOD
    give_code(page, format_hotp_value(hotp_value(secret, step)))
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    code, *_rest = page.locator("#recovery_codes").input_value().split()

    sign_out(page)
    give_password(page, STAFF_NAME)
    # Each works once, that of the beginning too; the next one works already.
    give_code(page, format_hotp_value(hotp_value(secret, step)))
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
    give_code(page, format_hotp_value(hotp_value(secret, step + 1)))
    page.wait_for_url("**/accounts/")

    sign_out(page)
    give_password(page, STAFF_NAME)
    give_code(page, code)
    page.wait_for_url("**/accounts/")

    sign_out(page)
    give_password(page, STAFF_NAME)
    give_code(page, code)
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
