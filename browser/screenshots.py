"""Takes the pictures of readme/, reproducibly: ``bin/screenshots``."""

from __future__ import annotations

import io
import os
import sys
from contextlib import nullcontext

import django
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .pages import PATHS, TEMPLATES, open_page
from .site import CHROMIUM_ARGUMENTS, ROOT, chromium, running_site

FOLDER = ROOT / "readme"
SIZES = {390: 844, 1280: 900}
# A page longer than this says nothing new further down.
LONGEST = 2400


def take_all(address: str) -> None:
    """Photograph every page of the site at ``address`` into readme/."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    base_url=address,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                )
                for name in [*PATHS, *TEMPLATES]:
                    open_page(page, name)
                    save(take(page), f"{name}-{width}-{scheme}", quality=60)
                    if (name, width, scheme) == ("home", 1280, "light"):
                        save(page.screenshot(), "site", quality=85)
                page.close()
        browser.close()


def take(page: Page) -> bytes:
    """Photograph the whole page, with the pictures that load only when they come into view."""
    length = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    width = page.viewport_size["width"]
    page.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": length})


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
    with nullcontext(sys.argv[1]) if sys.argv[1:] else running_site(lettings=60) as address:
        take_all(address)
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"screenshots: {len(sizes)} pictures, {sum(sizes) / 2**20:.1f} MB, in readme/")


if __name__ == "__main__":
    main()
