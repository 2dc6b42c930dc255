"""Take the pictures of readme/, reproducibly: ``bin/screenshots``."""

from __future__ import annotations

import io
import os
import sys
from contextlib import nullcontext

import django
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .pages import PATHS, TEMPLATES, cookies, open_page, who
from .site import CHROMIUM_ARGUMENTS, ROOT, Site, chromium, running_site

FOLDER = ROOT / "readme"
SIZES = {390: 844, 1280: 900}
# A page longer than this says nothing new further down.
LONGEST = 2400
# Of the pages of one's own, those that show best what goes on behind the public ones.
OWN = ("host-lettings", "edit", "feed", "host-figures", "site-figures")


def take_all(site: Site) -> None:
    """Photograph the public pages, and those in OWN, into readme/."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                pages = {
                    person: browser.new_page(
                        base_url=site.address,
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,
                        reduced_motion="reduce",
                        storage_state=cookies(site, person),
                    )
                    for person in {None, *map(who, OWN if site.cookies else ())}
                }
                for name in [*PATHS, *TEMPLATES, *(OWN if site.cookies else ())]:
                    page = pages[who(name)]
                    open_page(page, name, site)
                    save(take(page), f"{name}-{width}-{scheme}", quality=60)
                    if (name, width, scheme) == ("home", 1280, "light"):
                        save(page.screenshot(), "site", quality=85)
                for page in pages.values():
                    page.close()
        browser.close()


def take(page: Page) -> bytes:
    """Photograph the whole page, with the pictures that load only when they come into view."""
    length = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    size = page.viewport_size
    page.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    # As high as the page, or what sticks to the window's edge would stand in the middle.
    page.set_viewport_size({**size, "height": max(length, size["height"])})
    picture = page.screenshot()
    page.set_viewport_size(size)
    return picture


def save(picture: bytes, name: str, *, quality: int) -> None:
    """Keep a picture as WebP: a tenth of the PNG."""
    Image.open(io.BytesIO(picture)).save(
        FOLDER / f"{name}.webp", quality=quality, method=6, exact=True
    )


def main() -> None:
    """Photograph the site at the address given, or one served for the purpose."""
    if chromium() is None:
        sys.exit("screenshots: no Chromium or Chrome on this machine; type: apt install chromium")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")
    # open_page renders the error pages that no address leads to.
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    with nullcontext(Site(sys.argv[1])) if sys.argv[1:] else running_site(lettings=60) as site:
        take_all(site)
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"screenshots: {len(sizes)} pictures, {sum(sizes) / 2**20:.1f} MB, in readme/")


if __name__ == "__main__":
    main()
