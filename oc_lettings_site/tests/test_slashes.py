"""A request without its last slash keeps method and body: core/web/middleware.py"""

import pytest
from django.test import Client, override_settings

from .test_hostile import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]
PAGES = ("/accounts/login", "/enquiries/to/1", "/fr/lettings/1", "/lettings/new", "/accounts/2fa")


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", PAGES)
def test_a_form_is_sent_on_with_its_body(path, debug):
    with override_settings(DEBUG=debug):
        for method, status in {"GET": 301, "HEAD": 301, "POST": 308}.items():
            answer = Client().generic(method, f"{path}?next=%2F", b"a=b")
            assert (answer.status_code, answer["Location"]) == (status, f"{path}/?next=%2F")


def test_the_admins_own_redirect_too(admin_client):
    answer = admin_client.post("/admin/lettings/letting/add", {"title": "x"})
    assert (answer.status_code, answer["Location"]) == (308, "/admin/lettings/letting/add/")


def test_a_path_of_another_site_is_not_made():
    for method in ("GET", "POST"):
        assert ask("//evil.example/accounts/login", method)[0] == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE"])
def test_the_api_names_the_address_without_the_slash(method):
    status, _headers, page = ask("/api/v1/my/lettings/", method, body=b"{}")
    assert status == 404
    assert method == "HEAD" or "at /api/v1/my/lettings, without the slash" in page
    assert "slash" not in ask("/api/v1/nothing/", method, body=b"{}")[2]
