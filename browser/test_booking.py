"""A host signs up and publishes, a guest writes, the host answers and deletes the account."""

import re
import secrets
import time
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from .test_visitors import LAPTOP, PHONE

PASSWORD = secrets.token_urlsafe(12)
FILTERS_SPAM_SECONDS = 3.5  # the enquiry's form tells people from programs by their patience


@pytest.fixture
def pictures(tmp_path):
    """Two pictures as a phone makes them."""
    paths = []
    for name, colour in (("door", "orange"), ("garden", "green")):
        paths.append(tmp_path / f"{name}.jpg")
        Image.new("RGB", (1600, 1200), colour).save(paths[-1])
    return paths


def link_to(mailbox, address, path):
    """Wait for a mail with a link that begins so; return the link's path."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        mail = mailbox.newest(address)
        found = mail and re.search(rf"https?://[^/\s]+({path}\S+)", mail.get_content())
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address} has a link to {path}; the last is: {mail}")


def sign_up(page, mailbox, name):
    """Create an account, and confirm its address."""
    address = f"{name}@example.org"
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("heading", name="Check your inbox").wait_for()
    page.goto(link_to(mailbox, address, "/accounts/confirm-email/"))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Your account").wait_for()


def menu(page, name):
    """Go where the account's menu leads."""
    page.locator(".account summary").click()
    page.locator(".account").get_by_role("link", name=name).click()


def publish(page, title, pictures):
    """Let a place, with two pictures."""
    menu(page, "Your lettings")
    page.get_by_role("link", name="Let a place").click()
    page.wait_for_url("**/lettings/new/")  # with its script, which listens for pictures
    for label, text in {
        "Title": title,
        "Description": "Two doors, one of them orange.",
        "Price": "95",
        "Sleeps": "3",
        "House number": "12",
        "Street": "Grove Street",
        "City": "Orange",
        "State": "VA",
        "ZIP code": "22960",
    }.items():
        page.get_by_label(label).first.fill(text)
    page.locator("#id_pictures").set_input_files(pictures)
    add = page.get_by_role("button", name="Add the chosen pictures")
    if add.is_visible():  # without scripts; with them they are added as soon as they are chosen
        add.click()
    words = page.get_by_label(re.compile("shows|[Aa]lternative"))
    words.nth(1).wait_for()
    page.wait_for_load_state()
    words.nth(0).fill("An orange door")
    words.nth(1).fill("A green garden")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def write(page, title, address):
    """Find the place, and ask its host."""
    page.goto("/")
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/lettings/?q=*")
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("link", name="Write to the host").click()
    arrive = date.today() + timedelta(days=30)
    page.get_by_label("Arrival").fill(arrive.isoformat())
    page.get_by_label("Departure").fill((arrive + timedelta(days=3)).isoformat())
    page.get_by_label("How many people").fill("2")
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("Your message").fill("Is the garden in the shade?")
    time.sleep(FILTERS_SPAM_SECONDS)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/enquiries/sent/")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("device", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_from_sign_up_to_good_bye(new_page, mailbox, pictures, device, scripts):
    host = new_page(java_script_enabled=scripts, **device)
    guest = new_page(java_script_enabled=scripts, **device)
    name = f"host{secrets.token_hex(4)}"
    title, address = f"Grove {secrets.token_hex(4)}", f"guest{secrets.token_hex(4)}@example.org"
    sign_up(host, mailbox, name)
    publish(host, title, pictures)
    write(guest, title, address)

    host.goto(link_to(mailbox, f"{name}@example.org", "/enquiries/"))
    host.get_by_text("Is the garden in the shade?").wait_for()
    host.get_by_label("Your message").fill("All day long.")
    host.get_by_role("button", name="Send").click()
    host.get_by_text("All day long.").wait_for()
    host.get_by_role("button", name="Book these nights").click()
    expect(host.locator("header.head")).to_contain_text("booked", ignore_case=True)

    guest.goto(link_to(mailbox, address, "/enquiries/by-link/"))
    guest.get_by_text("All day long.").wait_for()
    expect(guest.locator("header.head")).to_contain_text("booked", ignore_case=True)

    menu(host, "Your figures")
    expect(host.locator("tfoot td").nth(1)).to_have_text("1")
    host.goto("/accounts/delete/")
    host.locator("#id_password").fill(PASSWORD)
    host.get_by_role("button", name="Delete your account").click()
    host.get_by_text("Your account has been deleted").wait_for()
    guest.reload()
    guest.get_by_text("All day long.").wait_for()
    assert guest.goto(f"/profiles/{name}/").status == 404
