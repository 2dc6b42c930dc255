"""A host works on a letting: the script that saves what is typed and adds pictures."""

import base64
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[1] / "lettings/static/lettings/sample"
PICTURES = [SAMPLE / f"{name}-1440.webp" for name in ("cabin-lake", "bedroom", "farmhouse")]
DROP = """content => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "dropped.webp", { type: "image/webp" }));
    return transfer;
}"""


@pytest.fixture
def page(new_page, signed_in):
    return new_page(storage_state=signed_in, viewport={"width": 390, "height": 844})


def wait_for(page, words):
    page.locator("[data-saved]", has_text=words).wait_for()


def test_what_is_typed_is_saved_and_two_windows_do_not_overwrite_each_other(page):
    page.goto("/lettings/new/")
    page.get_by_label("Title").fill("A house by the lake")
    wait_for(page, "Draft saved at")
    page.wait_for_url("**/lettings/drafts/*/")
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_response("**/lettings/drafts/*/"):
        other.get_by_label("Title").fill("Another window's house")
    page.get_by_label("City").fill("Akron")
    wait_for(page, "changed in another window")
    page.get_by_role("button", name="Save draft").last.click()
    page.get_by_role("alert").get_by_text("Not saved").wait_for()
    assert page.get_by_label("City").input_value() == "Akron"
    page.get_by_role("button", name="Save draft").last.click()
    page.locator(".notices", has_text="Draft saved at").wait_for()
    assert page.get_by_label("Title").input_value() == "A house by the lake"


def test_a_button_waits_for_what_is_being_saved(page):
    page.goto("/lettings/new/")
    page.get_by_label("Title").fill("A house by the lake")
    wait_for(page, "Draft saved at")
    answers = []

    def hold(route):
        if route.request.resource_type == "fetch":
            answers.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/lettings/drafts/*/", hold)
    with page.expect_request("**/lettings/drafts/*/"):
        page.get_by_label("City").fill("Akron")
    while not answers:
        page.wait_for_timeout(50)
    page.get_by_label("Street").fill("Grove Street")
    page.get_by_role("button", name="Publish").dblclick()
    route, answer = answers[0]
    route.fulfill(response=answer)
    page.get_by_role("heading", name="Your draft is saved").wait_for()
    assert page.get_by_label("City").input_value() == "Akron"
    assert page.get_by_label("Street").input_value() == "Grove Street"


def test_pictures_are_chosen_and_dropped(page):
    page.goto("/lettings/new/")
    page.get_by_label("Add pictures").set_input_files(PICTURES[:2])
    page.get_by_label("What picture 2 shows").wait_for()
    page.wait_for_load_state()
    content = base64.b64encode(PICTURES[2].read_bytes()).decode()
    dropped = page.evaluate_handle(DROP, content)
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    page.get_by_label("What picture 3 shows").wait_for()
    page.get_by_role("button", name="Publish").click()
    page.locator("#errors:focus").wait_for()


def test_publish_waits_for_pictures_that_wait_for_the_connection(page):
    page.goto("/lettings/new/")
    page.get_by_label("Title").fill("A house by the sea")
    page.wait_for_url("**/lettings/drafts/*/")
    page.route(
        "**/lettings/drafts/*/",
        lambda route: (
            route.abort("aborted") if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    page.get_by_label("Add pictures").set_input_files(PICTURES)
    wait_for(page, "there is no connection")
    page.get_by_role("button", name="Publish").click()
    wait_for(page, "there is no connection")
    page.unroute("**/lettings/drafts/*/")
    page.get_by_role("button", name="Publish").click()
    page.locator("#errors:focus").wait_for()
    assert page.locator(".pictures li").count() == len(PICTURES)


def test_a_picture_waits_for_the_connection_and_one_that_is_refused_is_named(page):
    page.goto("/lettings/new/")
    page.get_by_label("Title").fill("A house by the lake")
    page.wait_for_url("**/lettings/drafts/*/")
    came = []

    def fail(route):
        if route.request.resource_type != "fetch":
            return route.continue_()
        came.append(route)
        if len(came) == 1:
            return route.abort("aborted")
        if len(came) == 3:
            return route.fulfill(status=500)
        return route.continue_()

    page.route("**/lettings/drafts/*/", fail)
    page.get_by_label("Add pictures").set_input_files(PICTURES)
    wait_for(page, "there is no connection")
    page.get_by_label("What picture 2 shows").wait_for()
    wait_for(page, f"{PICTURES[1].name} could not be added.")
    assert page.locator(".pictures li").count() == 2
