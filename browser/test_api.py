"""The API's page in a browser: trying an operation, under the site's own policy."""


def test_an_operation_is_tried(page):
    page.goto("/api/v1/docs")
    page.fill("#list_lettings-place", "Georgia")
    page.press("#list_lettings-place", "Enter")
    page.wait_for_selector("#list_lettings .answer pre")
    answer = page.inner_text("#list_lettings .answer")
    assert "200" in answer and '"state": "GA"' in answer


def test_without_scripts_there_is_nothing_to_press_that_would_do_nothing(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/api/v1/docs")
    assert page.get_by_role("heading", name="The API").is_visible()
    assert page.locator("main button:visible").count() == 0
    assert not page.get_by_label("Token to try with").is_visible()
