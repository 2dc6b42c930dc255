"""The admin under the site's content security policy: conftest fails on anything refused."""

import pytest
from playwright.sync_api import expect

PAGES = [
    "/admin/lettings/letting/",
    "/admin/lettings/letting/?q=house",
    "/admin/lettings/letting/1/change/",
    "/admin/lettings/letting/1/history/",
    "/admin/lettings/letting/1/delete/",
    "/admin/profiles/profile/",
    "/admin/auth/user/",
    "/admin/auth/user/1/password/",
    "/admin/auth/group/add/",
]


@pytest.fixture
def staff(new_page, signed_in):
    page = new_page(storage_state=signed_in, viewport={"width": 1280, "height": 800})
    page.goto("/admin/")
    expect(page.get_by_text("Log out")).to_be_visible()
    return page


def test_every_kind_of_page(staff):
    for path in PAGES:
        assert staff.goto(path).status == 200, path


def test_autocomplete(staff):
    staff.goto("/admin/lettings/letting/add/")
    staff.locator(".select2-selection").click()
    expect(staff.locator(".select2-results__option").filter(has_text="AirWow")).to_be_visible()


def test_date_widget_and_permission_chooser(staff):
    staff.goto("/admin/auth/user/1/change/")
    staff.locator("#calendarlink0").click()
    expect(staff.locator("#calendarbox0")).to_be_visible()
    expect(staff.locator(".selector-chosen").first).to_be_visible()
