"""Every page that a visitor can see, by name."""

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
    "not-found": "/lettings/999999999/",
    "bad-request": "/profiles/%00/",
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
    if name in PATHS:
        page.goto(PATHS[name])
        return
    from django.template.loader import render_to_string

    template, context = TEMPLATES[name]
    body = render_to_string(template, context)
    address = f"**/shown/{name}"
    page.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"/shown/{name}")
