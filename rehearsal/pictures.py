"""Take the pictures of docs/delivery.md from a rehearsal that was kept (KEEP=1)."""

from __future__ import annotations

import argparse
import sys

from playwright.sync_api import Error, Page, sync_playwright

from browser.screenshots import save
from browser.site import CHROMIUM_ARGUMENTS, chromium

WIDTH, HEIGHT = 1280, 720
# What a reader of a paper bears.
LONGEST = 1200


def take_all(pages: str, pipeline: int, issue: str, login: tuple[str, str]) -> list[str]:
    """Photograph the list, one pipeline, its last log, and the issue; return the names.

    ``pages`` is the pipelines' address, ``issue`` the issue's page at Bugsink, ``login`` a
    person's name and password there.
    """
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        taken = {}
        for name, path in (
            ("pipelines", ""),
            ("pipeline", str(pipeline)),
            ("log", f"{pipeline}/sentry-0.log"),
        ):
            page.goto(pages + path)
            taken[f"rehearsal-{name}"] = photograph(page)
        sign_in(page, issue, *login)
        taken["rehearsal-issue"] = page.screenshot()
        browser.close()
    for name, picture in taken.items():
        save(picture, name, quality=80)
    return list(taken)


def photograph(page: Page) -> bytes:
    """Return the whole page, up to LONGEST pixels."""
    length = page.evaluate("document.body.getBoundingClientRect().height")
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(length, LONGEST)}
    return page.screenshot(full_page=True, clip=clip)


def sign_in(page: Page, issue: str, name: str, password: str) -> None:
    """Go to the issue, as somebody who is not signed in yet."""
    page.goto(issue)
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{issue}**")
    page.wait_for_load_state("networkidle")


def main() -> None:
    """Photograph what the arguments name, all of which `KEEP=1 make rehearse` prints."""
    parser = argparse.ArgumentParser(prog="bin/rehearsal-pictures", description=__doc__)
    parser.add_argument("pages", help="address of the pipelines")
    parser.add_argument("pipeline", type=int, help="number of the pipeline to show")
    parser.add_argument("issue", help="address of the issue")
    parser.add_argument("login", metavar="NAME:PASSWORD", help="of a person at Bugsink")
    given = parser.parse_args()
    if chromium() is None:
        sys.exit("pictures: no Chromium or Chrome on this machine; type: apt install chromium")
    name, _, password = given.login.partition(":")
    try:
        names = take_all(given.pages, given.pipeline, given.issue, (name, password))
    except Error as error:
        why = error.message.partition("\n")[0]
        sys.exit(f"pictures: {why}\n  Does `KEEP=1 make rehearse` still run, at these addresses?")
    print(*(f"readme/{each}.webp" for each in names), sep="\n")


if __name__ == "__main__":
    main()
