"""The API's page in a browser: trying an operation, under the site's own policy."""


def test_an_operation_is_tried(page):
    page.goto("/api/v1/docs")
    page.fill("#list_lettings-place", "Georgia")
    page.press("#list_lettings-place", "Enter")
    page.wait_for_selector("#list_lettings .answer pre")
    assert "200" in page.inner_text("#list_lettings .answer")
    assert '"state": "GA"' in page.inner_text("#list_lettings .answer")
