"""A guest and a host who use only the keyboard: each focused element is visible."""

import re
import secrets
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from .site import HOST, STAFF_PASSWORD
from .test_booking import FILTERS_SPAM_SECONDS, link_to, pictures  # noqa: F401

SIZES = {"laptop": {"width": 1280, "height": 800}, "narrow": {"width": 390, "height": 844}}
MOST_STOPS = 150
# What a keyboard is on: its name; whether a ring is drawn, on it or on the card that it fills;
# and whether something lies over it (WCAG 2.2, 2.4.7 and 2.4.11).
STOP = """() => {
    const element = document.activeElement;
    const drawn = (one) => one && getComputedStyle(one).outlineStyle !== "none"
        && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
    const box = element.getBoundingClientRect();
    const over = document.elementFromPoint(
        Math.min(Math.max(box.x + Math.min(box.width / 2, 40), 1), innerWidth - 1),
        Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 1), innerHeight - 1));
    return {
        name: element.labels?.[0]?.innerText || element.getAttribute("aria-label")
            || element.innerText || element.name || "",
        ringed: drawn(element) || drawn(element.closest(".card, .person")),
        seen: box.bottom > 0 && box.top < innerHeight
            && (element.contains(over) || Boolean(over?.contains(element))),
        page: element === document.body,
        html: element.outerHTML.slice(0, 120),
    };
}"""


class Keys:
    """Someone at a keyboard; ``reach`` and ``write`` are all they do."""

    def __init__(self, page):
        self.page = page

    def reach(self, words, key="Tab"):
        """Press a key until what has these words is focused."""
        self.page.wait_for_load_state()  # or nothing would have its look yet
        for _ in range(MOST_STOPS):
            self.page.keyboard.press(key)
            stop = self.page.evaluate(STOP)
            if stop["page"]:
                continue
            where = f"{self.page.url}: {stop['html']}"
            assert stop["ringed"], f"no ring around {where}"
            assert stop["seen"], f"something lies over {where}"
            if re.search(words, " ".join(stop["name"].split())):
                return
        raise AssertionError(f"{key} never reaches {words} on {self.page.url}")

    def follow(self, words, address, key="Tab"):
        """Reach a link or a button, press it, and come to that address."""
        self.reach(words, key)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(address)

    def write(self, words, text):
        """Reach a field and type."""
        self.reach(words)
        self.page.keyboard.type(text)

    def menu(self, words, address):
        """Open one's own menu and follow a link of it."""
        self.reach("^Signed in as")
        self.page.keyboard.press("Space")
        self.follow(words, address)


def sign_in(keys):
    """Sign in as the scene's host, from the home page."""
    keys.page.goto("/")
    keys.follow("^Sign in$", "**/accounts/login/**")
    keys.write("^Username or", HOST)
    keys.write("^Password", STAFF_PASSWORD)
    keys.follow("^Sign in$", "**/accounts/")


def publish(keys, title, paths, scripts):
    """Let a place with two pictures."""
    # Long before it is asked for: the order to catch the dialogue reaches the page by another way
    # than the keys, and one that overtakes it opens a dialogue that nobody sees.
    keys.page.on("filechooser", lambda chooser: None)
    keys.menu("^Your lettings", "**/lettings/mine/")
    keys.follow("^Let another place", "**/lettings/new/")
    for label, text in {
        "^Title": title,
        "^Price": "95",
        "^Sleeps": "3",
        "^House number": "12",
        "^Street": "Grove Street",
        "^City": "Orange",
        "^State": "VA",
        "^ZIP": "22960",
    }.items():
        keys.write(label, text)
    keys.reach("^Add pictures")
    with keys.page.expect_file_chooser() as chooser:
        keys.page.keyboard.press("Space")
    chooser.value.set_files(paths)
    if not scripts:
        keys.follow("^Add the chosen pictures", "**/lettings/drafts/*/#pictures")
    keys.page.get_by_label("What picture 2 shows").wait_for()
    keys.write("What picture 1", "An orange door")
    keys.write("What picture 2", "A green garden")
    keys.reach("Earlier ?: picture 2")
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Space")
    keys.follow("^Publish$", re.compile(r"/lettings/\d+/$"))


def ask(keys, title, address):
    """Find the place and write to its host."""
    keys.page.goto("/")
    keys.write("^Where to|^Search|^q$", title)
    keys.page.keyboard.press("Enter")
    keys.page.wait_for_url("**/lettings/?q=*")
    keys.follow(f"^{title}$", re.compile(r"/lettings/\d+/$"))
    keys.follow("^Write to the host", "**/enquiries/to/*/")
    arrive = date.today() + timedelta(days=40)
    keys.write("^Arrival", f"{arrive:%m%d%Y}")
    keys.write("^Departure", f"{arrive + timedelta(days=3):%m%d%Y}")
    keys.write("^How many", "2")
    keys.write("^Your name", "Grace")
    keys.write("^Your e-mail", address)
    keys.write("^Your message", "Is the garden in the shade?")
    time.sleep(FILTERS_SPAM_SECONDS)
    keys.follow("^Send$", "**/enquiries/sent/")


@pytest.mark.parametrize("size, scripts", [("laptop", True), ("narrow", True), ("laptop", False)])
def test_a_keyboard_is_enough_to_let_and_to_ask(
    new_page, mailbox, pictures, size, scripts  # noqa: F811
):
    # What scrolls smoothly is not yet in sight when it is focused.
    options = {"viewport": SIZES[size], "locale": "en-US", "reduced_motion": "reduce"}
    options["java_script_enabled"] = scripts
    host, guest = Keys(new_page(**options)), Keys(new_page(**options))
    title, address = f"Grove {secrets.token_hex(4)}", f"guest{secrets.token_hex(4)}@example.org"
    sign_in(host)
    publish(host, title, pictures, scripts)
    ask(guest, title, address)

    host.menu("^Your enquiries", "**/enquiries/")
    host.follow(title, re.compile(r"/enquiries/\d+/$"))
    host.write("^Your message", "All day long.")
    host.reach("^Send$")
    host.page.keyboard.press("Enter")
    host.page.get_by_text("All day long.").wait_for()
    host.reach("^Book these nights")
    host.page.keyboard.press("Space")
    expect(host.page.locator("header.head")).to_contain_text("booked", ignore_case=True)

    guest.page.goto(link_to(mailbox, address, "/enquiries/by-link/"))
    guest.write("^Your message", "Thank you!")
    guest.reach("^Send$")
    guest.page.keyboard.press("Enter")
    guest.page.get_by_text("Thank you!").wait_for()

    host.menu("^Your figures", "**/dashboard/")
    host.reach("^By$")
    host.page.keyboard.press("ArrowUp")
    host.follow("^Show", "**/dashboard/?*step=week*")
