"""Every page holds still while it loads, and fits from 320 pixels up."""

import pytest

from .pages import MINE, PATHS, TEMPLATES, open_page

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
def test_nothing_shifts(new_page, width):
    page = new_page(viewport={"width": width, "height": 800})
    page.add_init_script(MEASURE_SHIFT)
    for name in [*PATHS, *TEMPLATES]:
        open_page(page, name)
        shift = page.evaluate(SCROLL_DOWN)
        assert shift < 0.01, f"{name} moves by {shift}"


@pytest.mark.parametrize("width", [320, 600, 800, 1000, 1920])
def test_no_page_scrolls_sideways(new_page, signed_in, width):
    for names, cookies in (([*PATHS, *TEMPLATES], None), (MINE, signed_in)):
        page = new_page(viewport={"width": width, "height": 800}, storage_state=cookies)
        for name in names:
            open_page(page, name)
            content = page.evaluate("document.documentElement.scrollWidth")
            assert content <= width, f"{name} is {content} pixels wide"


def test_pictures_say_how_large_they_are(page):
    for name in PATHS:
        open_page(page, name)
        assert page.locator("img:not([width][height])").count() == 0, name
