"""Every page that a visitor, or somebody signed in, can see, by name; and the way in."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from .site import GUEST, HOST, NEWCOMER, STAFF_NAME, STAFF_PASSWORD, Site

SESSION = "__Host-sessionid"
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
REFUSED = {"not-found": 404, "bad-request": 400}
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
    "locked-out": ("accounts/locked_out.html", {"retry_after": 900}),
    "broken": ("500.html", {"event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0"}),
}


def press(button: str) -> Callable[[Page], None]:
    """Return what presses a button, whatever the browser itself thinks is missing."""

    def act(page: Page) -> None:
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.locator(button).click()
        page.locator(".problems").wait_for()
        page.wait_for_load_state()

    return act


def make_token(page: Page) -> None:
    """Have a token shown, which is shown once."""
    page.locator("#id_name").fill("Channel manager")
    page.get_by_role("checkbox").first.check()
    page.locator("form:has(#id_name) .button").click()
    page.locator(".made").wait_for()
    page.wait_for_load_state()


def password_alone(page: Page) -> None:
    """Come as far as the password of somebody who has a second factor."""
    page.locator("#id_login").fill(GUEST)
    page.locator("#id_password").fill(STAFF_PASSWORD)
    page.locator("form:has(#id_password) .button").click()
    page.wait_for_url("**/accounts/2fa/authenticate/")


class Room(NamedTuple):
    """A page of somebody's own: who sees it, its path or its name in the scene, what they do."""

    who: str | None
    path: str
    act: Callable[[Page], None] = lambda page: None


# Those that take somebody in the middle of something.
ROOMS = {
    **{name: Room(STAFF_NAME, path) for name, path in MINE.items()},
    "by-link": Room(None, "by-link"),
    "answered": Room(HOST, "answered"),
    "booked": Room(HOST, "booked"),
    "declined": Room(GUEST, "declined"),
    "reply-wrong": Room(HOST, "answered", press("[value=reply]")),
    "host-enquiries": Room(HOST, "/enquiries/"),
    "host-lettings": Room(HOST, "/lettings/mine/"),
    "edit": Room(HOST, "edit"),
    "draft": Room(HOST, "draft"),
    "draft-wrong": Room(HOST, "draft", press("[value=publish]")),
    "preview": Room(HOST, "preview"),
    "discard": Room(HOST, "discard"),
    "delete-letting": Room(HOST, "delete-letting"),
    "saved": Room(HOST, "/lettings/saved/"),
    "saved-and-gone": Room(GUEST, "/lettings/saved/"),
    "feed": Room(HOST, "/lettings/feed/"),
    "save": Room(NEWCOMER, "/lettings/1/save/"),
    "follow": Room(NEWCOMER, "/profiles/AirWow/follow/"),
    "followed": Room(HOST, "/profiles/DavWin/follow/"),
    "no-enquiries": Room(NEWCOMER, "/enquiries/"),
    "no-lettings": Room(NEWCOMER, "/lettings/mine/"),
    "no-saved": Room(NEWCOMER, "/lettings/saved/"),
    "no-feed": Room(NEWCOMER, "/lettings/feed/"),
    "no-figures": Room(NEWCOMER, "/dashboard/"),
    "host-figures": Room(HOST, "/dashboard/"),
    "figures-of-one": Room(HOST, "figures-of-one"),
    "figures-wrong": Room(HOST, "/dashboard/?first=2026-02-01&last=2026-01-01&step=day"),
    "tokens": Room(HOST, "/accounts/tokens/"),
    "token-made": Room(HOST, "/accounts/tokens/", make_token),
    "letting-signed-in": Room(GUEST, "/lettings/1/"),
    "write-signed-in": Room(GUEST, "/enquiries/to/1/"),
    "write-wrong": Room(None, "/enquiries/to/1/", press("form:has(textarea) .button")),
    "sent": Room(None, "/enquiries/sent/"),
    "sign-in-wrong": Room(None, "/accounts/login/", press("form:has(#id_password) .button")),
    "sign-up-wrong": Room(None, "/accounts/signup/", press("form:has(#id_password1) .button")),
    "second-step": Room(None, "/accounts/login/", password_alone),
    "confirm": Room(None, "confirm"),
    "look-into-mail": Room(None, "/accounts/confirm-email/"),
    "forgotten-sent": Room(None, "/accounts/password/reset/done/"),
    "new-password": Room(
        None, "new-password", lambda page: page.locator("#id_password1").wait_for()
    ),
    "new-password-set": Room(None, "/accounts/password/reset/key/done/"),
    "address-waits": Room(HOST, "/accounts/email/"),
    "guest-account": Room(GUEST, "/accounts/"),
    "factors": Room(GUEST, "/accounts/2fa/"),
    "app": Room(NEWCOMER, "/accounts/2fa/totp/activate/"),
    "app-off": Room(GUEST, "/accounts/2fa/totp/deactivate/"),
    "codes": Room(GUEST, "/accounts/2fa/recovery-codes/"),
    "codes-new": Room(GUEST, "/accounts/2fa/recovery-codes/generate/"),
    "keys": Room(NEWCOMER, "/accounts/2fa/webauthn/"),
    "key-add": Room(GUEST, "/accounts/2fa/webauthn/add/"),
    "again": Room(NEWCOMER, "/accounts/reauthenticate/"),
    "guest-sessions": Room(GUEST, "/accounts/sessions/"),
}


def who(name: str) -> str | None:
    """Return who sees a page; None is everyone."""
    return ROOMS[name].who if name in ROOMS else None


def open_page(page: Page, name: str, site: Site, prefix: str = "") -> None:
    """Open one of the above in a page whose base URL is the site's; in French with "/fr"."""
    if name in PATHS:
        answer = page.goto(prefix + PATHS[name])
        assert answer.status == REFUSED.get(name, 200), f"{name}: {answer.status}"
        return
    if name in ROOMS:
        room = ROOMS[name]
        answer = page.goto(prefix + site.addresses.get(room.path, room.path))
        assert answer.status == 200, f"{name}: {answer.status}"
        room.act(page)
        return
    from django.template.loader import render_to_string
    from django.utils.translation import override

    template, context = TEMPLATES[name]
    with override(prefix.strip("/") or "en"):
        body = render_to_string(template, context)
    address = f"**/shown{prefix}/{name}"
    page.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"/shown{prefix}/{name}")


HEARD = """async width => {
    while (innerWidth !== width) await new Promise(requestAnimationFrame);
}"""


def resize(page: Page, width: int) -> None:
    """Make the window so wide, and wait until the page has heard of it."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(HEARD, width)


def cookies(site: Site, name: str | None) -> dict | None:
    """Return the storage state of a browser in which that person is signed in."""
    if name is None:
        return None
    cookie = {"name": SESSION, "value": site.cookies[name], "secure": True}
    place = {"domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True}
    return {"cookies": [{**cookie, **place, "sameSite": "Lax"}], "origins": []}


def sign_in(page, name: str = STAFF_NAME, password: str = STAFF_PASSWORD) -> None:
    """Sign in by the form, from wherever the page is."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/")
