"""A production-like site and a Chromium page on it, for every test of this folder."""

import pytest

from .mailbox import Mailbox
from .pages import cookies, sign_in
from .site import CHROMIUM_ARGUMENTS, START_SECONDS, chromium, running_site

LETTINGS = 60
# What is waited for comes at once on a machine that has time, and late on one that has none.
MOST_MILLISECONDS = 60_000


@pytest.fixture(scope="session")
def chromium_browser():
    """A Chromium that this machine has installed, driven by Playwright."""
    playwright = pytest.importorskip(
        "playwright.sync_api",
        reason="Playwright is not installed: run bin/browser-story, which installs it",
    )
    playwright.expect.set_options(timeout=MOST_MILLISECONDS)
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium or Chrome on this machine: apt install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=executable, args=CHROMIUM_ARGUMENTS, timeout=START_SECONDS * 1000
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def mailbox():
    """Where the site's mail ends."""
    with Mailbox(seconds_a_mail=0) as box:
        yield box


@pytest.fixture(scope="session")
def site(chromium_browser, mailbox):
    """The site, which serves the sample and 60 lettings more."""
    with running_site(lettings=LETTINGS, mail=mailbox.url) as site:
        yield site


@pytest.fixture
def new_page(chromium_browser, site):
    """Return a function that opens a page on the site, with arguments of Playwright's new_context.

    With ``who``, somebody of the scene is signed in.

    After the test, nothing may have been refused by the content security policy, no script may
    have failed and no file may have been missing.
    """
    contexts, complaints = [], []

    def listen(page):
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: message.type == "error"
            # A page that is itself an error page is reported here too; that is no complaint.
            and message.location.get("url") != page.url
            and complaints.append(f"{page.url}: {message.text} {message.location.get('url')}"),
        )
        page.on(
            "requestfailed",
            # A page left early gives up its pictures.
            lambda request: request.failure != "net::ERR_ABORTED"
            and complaints.append(f"{page.url}: {request.url} {request.failure}"),
        )

    def make(*, who=None, **options):
        options = {"storage_state": cookies(site, who), **options}
        context = chromium_browser.new_context(base_url=site.address, **options)
        context.set_default_timeout(MOST_MILLISECONDS)
        context.on("page", listen)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(new_page):
    """A page at the size of a small laptop."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture(scope="session")
def signed_in(chromium_browser, site):
    """The cookies of somebody who is signed in: ``new_page(storage_state=signed_in)``."""
    context = chromium_browser.new_context(base_url=site.address)
    context.set_default_timeout(MOST_MILLISECONDS)
    sign_in(context.new_page())
    yield context.storage_state()
    context.close()
