"""axe-core finds nothing on any page, light or dark, wide or narrow."""

from itertools import product

import pytest

from .pages import MINE, PATHS, TEMPLATES, open_page


@pytest.mark.parametrize("name", [*PATHS, *MINE, *TEMPLATES])
def test_axe_finds_nothing(new_page, signed_in, name):
    page = new_page(storage_state=signed_in if name in MINE else None)
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    open_page(page, name)
    for scheme, width in product(("light", "dark"), (1280, 390)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        found = axe.run(page)
        assert found.violations_count == 0, f"{scheme}, {width}: {found.generate_report()}"


def test_the_keyboard_reaches_the_content_first(page):
    open_page(page, "index")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.get_by_label("Search").evaluate("field => field === document.activeElement")


def test_nothing_moves_for_those_who_asked_for_that(new_page):
    page = new_page(reduced_motion="reduce")
    open_page(page, "home")
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    assert page.evaluate(moving) == 0
