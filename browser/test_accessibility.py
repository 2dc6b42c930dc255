"""axe-core finds nothing on any page, in English and in French."""

import pytest

from .pages import PATHS, ROOMS, TEMPLATES, open_page, resize, who

LIGHT_AND_WIDE, DARK_AND_NARROW = ("light", 1280), ("dark", 390)
# French has the other two, in turns: what it adds is longer words.
DARK_AND_WIDE, LIGHT_AND_NARROW = ("dark", 1280), ("light", 390)
NAMES = [*PATHS, *ROOMS, *TEMPLATES]
IN_FRENCH = [name for name in NAMES if name != "api"]


@pytest.fixture
def find(new_page, site):
    """Return a function that opens a page in a language, and fails on what axe finds there."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def find(name, prefix, looks):
        page = new_page(who=who(name), reduced_motion="reduce")
        open_page(page, name, site, prefix)
        assert page.locator("html").get_attribute("lang") == (prefix.strip("/") or "en")
        for scheme, width in looks:
            page.emulate_media(color_scheme=scheme)
            resize(page, width)
            found = axe.run(page)
            assert not found.violations_count, f"{scheme}, {width}: {found.generate_report()}"
        return page

    return find


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(find, name):
    find(name, "", [LIGHT_AND_WIDE, DARK_AND_NARROW])


@pytest.mark.parametrize("name", IN_FRENCH)
def test_axe_finds_nothing_in_french_and_it_fits(find, name):
    looks = [DARK_AND_WIDE, LIGHT_AND_NARROW][IN_FRENCH.index(name) % 2 :][:1]
    page = find(name, "/fr", looks)
    for width in (320, 390, 1000):
        resize(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_content_first(page):
    page.goto(PATHS["index"])
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    page.keyboard.press("Tab")
    assert page.get_by_label("Search").evaluate("field => field === document.activeElement")


def test_nothing_moves_for_those_who_asked_for_that(new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(PATHS["home"])
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    assert page.evaluate(moving) == 0
