"""Whatever people write, every page fits its window, and all of it can be read and pressed."""

import io

import pytest
from PIL import Image

from .measuring import LINES_ON, SHOW_AGAIN, WHAT_IS_WRONG
from .pages import PATHS, ROOMS, TEMPLATES, open_page, who
from .site import NEWCOMER, running_site

WIDTHS = (320, 390, 768, 820, 1280, 1920)
# A whole page, so that each text can be looked for where it is; it scrolls beyond.
HEIGHT = 9_000
HERO_WIDTHS = (320, 390, 700, 768, 820, 1000, 1023, 1024, 1280, 1920)
PEOPLE = sorted({room.who for room in ROOMS.values() if room.who})
SIZES = {"portrait": (300, 1500), "panorama": (2000, 100)}


@pytest.fixture(scope="module")
def site(chromium_browser):
    """A site of which every row has wild texts."""
    with running_site(wild=True) as site:
        yield site


def picture(size):
    held = io.BytesIO()
    Image.new("RGB", size, "#888").save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def new_page(new_page):
    """Pages whose photos are twice as high as wide, or twenty times as wide as high."""
    bodies = [picture(size) for size in SIZES.values()]

    def make(**options):
        page = new_page(reduced_motion="reduce", **options)
        page.route(
            "**/lettings/sample/*",
            lambda route: route.fulfill(
                body=bodies[len(route.request.url) % len(bodies)], content_type="image/png"
            ),
        )
        return page

    return make


def check(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong = page.evaluate(WHAT_IS_WRONG, width)
        assert not wrong, f"{name}, {width} pixels wide: {wrong[:5]}"


@pytest.mark.parametrize("someone", [None, *PEOPLE])
def test_every_page_fits_and_all_of_it_can_be_read(new_page, site, someone):
    page = new_page(who=someone)
    for name in [*PATHS, *ROOMS, *TEMPLATES]:
        if who(name) == someone:
            open_page(page, name, site)
            check(page, name)


def test_the_page_of_every_letting_and_of_a_host(new_page):
    page = new_page()
    hosts = set()
    for number in range(1, 7):
        page.goto(f"/lettings/{number}/")
        check(page, f"letting {number}")
        hosts.add(page.locator(".facts .host a").get_attribute("href"))
    for address in hosts:
        page.goto(address)
        check(page, address)


def test_the_heros_text_is_legible_on_its_picture(new_page):
    """Also with a message above it, which a sign-out leaves."""
    page = new_page(who=NEWCOMER)
    page.goto("/accounts/logout/")
    page.locator("main form .button").click()
    page.locator(".notices").wait_for()
    check(page, "home with a message")
    check_contrast(page, HERO_WIDTHS)
    page.goto("/fr/")
    page.emulate_media(color_scheme="dark")
    check_contrast(page, HERO_WIDTHS[1::3])


def check_contrast(page, widths):
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => innerWidth === width", arg=width)
        faint = faint_lines(page, ".hero")
        assert not faint, f"{width} pixels wide: {faint}"


def faint_lines(page, selector):
    """Return the lines of text with too little contrast to some pixel behind them."""
    lines = page.evaluate(LINES_ON, selector)
    assert lines
    photograph = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB")
    page.evaluate(SHOW_AGAIN, selector)
    faint = []
    for line in lines:
        behind = photograph.crop(tuple(map(int, line["box"])))
        ink = [int(part) for part in line["color"].removeprefix("rgb(").rstrip(")").split(",")]
        worst = min(contrast(ink, color) for _n, color in behind.getcolors(2**24))
        if worst < line["least"]:
            faint.append(f"{worst:.2f} : 1 under {line['words'][:40]!r}")
    return faint


def contrast(one, other):
    """Return the contrast ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    """Return the relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [part / 255 for part in color]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
