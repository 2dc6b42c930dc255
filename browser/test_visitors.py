"""What visitors and staff do here, in a real browser."""

import re
import secrets

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUSED = "document.activeElement.innerText || document.activeElement.name || ''"
LAPTOP = {"viewport": {"width": 1280, "height": 800}}


def links(page):
    """The addresses of the lettings on a page, in order, each once."""
    found = page.locator("main a[href^='/lettings/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return list(dict.fromkeys(path for path in found if re.fullmatch(r"/lettings/\d+/", path)))


def prices(page):
    """The prices on a page's cards, in order."""
    return [float(text.split()[0].strip("$")) for text in page.locator(".price").all_inner_texts()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("device", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_visitor_finds_a_place_and_its_host(new_page, device, scripts):
    page = new_page(java_script_enabled=scripts, **device)
    page.goto("/")
    assert page.title() == "Holiday Homes"
    page.get_by_role("searchbox").fill("cotage")  # a slip of the keys
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/lettings/?q=cotage")
    page.get_by_role("link", name="'Silo Studio' Cottage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("'Silo Studio' Cottage")
    page.locator("main a[href^='/profiles/']").first.click()
    page.wait_for_url(re.compile(r"/profiles/\w+/$"))
    page.locator("main a[href^='/lettings/']").first.click()
    page.wait_for_url(re.compile(r"/lettings/\d+/$"))


@pytest.mark.parametrize("device", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_visitor_narrows_the_list_and_takes_a_filter_away(new_page, device):
    page = new_page(java_script_enabled=False, **device)
    page.goto("/lettings/")
    everything = page.locator("#count").inner_text()
    if not page.get_by_label("Price to").is_visible():
        page.get_by_text("Filters and order").click()
    page.get_by_label("Price to").fill("150")
    page.get_by_label("Sleeps at least").fill("2")
    page.get_by_label("Sort by").select_option("price")
    page.get_by_role("button", name="Show lettings").click()
    expect(page.locator("#count")).not_to_have_text(everything)
    assert prices(page) == sorted(prices(page)) and max(prices(page)) <= 150
    page.get_by_role("link", name=re.compile("Remove filter: .*150")).click()
    page.get_by_role("link", name=re.compile("Remove filter: Sleeps 2")).click()
    expect(page.locator("#count")).to_have_text(everything)


def test_a_visitor_pages_to_the_end_and_back(page):
    page.goto("/lettings/")
    seen = []
    while True:
        seen += links(page)
        following = page.get_by_role("link", name="Next")
        if not following.count():
            break
        address = following.get_attribute("href")
        following.click()
        page.wait_for_url(f"**{address}")
    count = int(re.sub(r"\D", "", page.locator("#count").inner_text()))
    assert len(seen) == len(set(seen)) == count > 48
    page.get_by_role("link", name="First").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("Page 1 of")


def test_the_keyboard_alone_is_enough(page):
    page.goto("/")

    def press_tab_until(accessible_name):
        for _ in range(40):
            page.keyboard.press("Tab")
            if accessible_name in page.evaluate(FOCUSED):
                return
        raise AssertionError(f"Tab never reaches {accessible_name}")

    press_tab_until("q")
    page.keyboard.type("hygge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lettings/?q=hygge")
    press_tab_until("Underground Hygge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lettings/6/")


def test_what_staff_change_is_seen_at_once_by_those_who_are_not_signed_in(new_page, signed_in):
    staff, visitor = new_page(storage_state=signed_in, **LAPTOP), new_page(**LAPTOP)
    title = f"Lighthouse {secrets.token_hex(4)}"
    staff.goto("/admin/lettings/letting/2/change/")
    was = staff.get_by_label("Title").input_value()
    visitor.goto("/lettings/2/")
    for wanted in (title, was):
        staff.goto("/admin/lettings/letting/2/change/")
        staff.get_by_label("Title").fill(wanted)
        staff.get_by_role("button", name="Save", exact=True).first.click()
        staff.get_by_text("was changed successfully").wait_for()
        visitor.reload()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(wanted)
