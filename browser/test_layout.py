"""Pages don't shift while they load, and fit windows from 320 pixels up."""

import pytest

from .measuring import SMALL_TARGETS
from .pages import PATHS, ROOMS, TEMPLATES, open_page, resize, who

WIDTHS = (320, 390, 600, 800, 1000, 1920)
PEOPLE = sorted({room.who for room in ROOMS.values() if room.who})
# https://web.dev/articles/cls: what moves without the visitor having asked for it.
MEASURE_SHIFT = """
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => {
        if (!entry.hadRecentInput) window.shift += entry.value;
    })).observe({type: "layout-shift", buffered: true});
"""
SCROLL_DOWN = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        scrollTo({top: y, behavior: "instant"});
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)));
    }
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
    return window.shift;
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts(new_page, site, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(MEASURE_SHIFT)
    for name in [*PATHS, *TEMPLATES]:
        open_page(page, name, site)
        shift = page.evaluate(SCROLL_DOWN)
        assert shift < 0.01, f"{name} moves by {shift}"


@pytest.mark.parametrize("someone", [None, *PEOPLE])
def test_every_page_fits_and_what_is_pressed_is_large_enough(new_page, site, someone):
    page = new_page(who=someone)
    for name in [*PATHS, *ROOMS, *TEMPLATES]:
        if who(name) != someone:
            continue
        open_page(page, name, site)
        for width in WIDTHS:
            resize(page, width)
            content = page.evaluate("document.documentElement.scrollWidth")
            assert content <= width, f"{name} is {content} pixels wide"
            small = page.evaluate(SMALL_TARGETS)
            assert not small, f"{name}, {width} pixels wide: {small}"


def test_pictures_say_how_large_they_are(page):
    for name in PATHS:
        page.goto(PATHS[name])
        assert page.locator("img:not([width][height])").count() == 0, name
