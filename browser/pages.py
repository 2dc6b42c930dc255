"""Every page that a visitor, or somebody signed in, can see, by name; and the way in."""

from .site import STAFF_NAME, STAFF_PASSWORD

PATHS = {
    "home": "/",
    "index": "/lettings/",
    "second-page": "/lettings/?page=2",
    "filters": "/lettings/?q=retreat&sleeps=2&sort=price",
    "nothing-found": "/lettings/?q=zzzqqq&place=TX&sleeps=9",
    "nonsense": "/lettings/?price_min=abc&sleeps=-1&page=zzz",
    "letting": "/lettings/1/",
    "profiles": "/profiles/",
    "profile": "/profiles/AirWow/",
    "api": "/api/v1/docs",
    "write": "/enquiries/to/1/",
    "sign-up": "/accounts/signup/",
    "sign-in": "/accounts/login/",
    "forgotten": "/accounts/password/reset/",
    "not-found": "/lettings/999999999/",
    "bad-request": "/profiles/%00/",
}
# Those of somebody who is signed in.
MINE = {
    "account": "/accounts/",
    "edit-profile": "/accounts/profile/",
    "address": "/accounts/email/",
    "password": "/accounts/password/change/",
    "second-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "data": "/accounts/export/",
    "delete": "/accounts/delete/",
    "figures": "/dashboard/",
    "site-figures": "/dashboard/site/",
    "enquiries": "/enquiries/",
    "mine": "/lettings/mine/",
    "new-letting": "/lettings/new/",
    "sign-out": "/accounts/logout/",
}
# Those that no address leads to on a healthy site: their template, and what it is given.
TEMPLATES = {
    "forbidden": ("403.html", {}),
    "untrusted-form": ("403_csrf.html", {}),
    "too-often": ("429.html", {"retry_after": 60}),
    "broken": ("500.html", {"event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0"}),
}


def open_page(page, name: str) -> None:
    """Open one of the above in a Playwright page whose base URL is the site's."""
    if name in PATHS or name in MINE:
        page.goto({**PATHS, **MINE}[name])
        return
    from django.template.loader import render_to_string

    template, context = TEMPLATES[name]
    body = render_to_string(template, context)
    address = f"**/shown/{name}"
    page.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"/shown/{name}")


def sign_in(page, name: str = STAFF_NAME, password: str = STAFF_PASSWORD) -> None:
    """Sign in by the form, from wherever the page is."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/")
