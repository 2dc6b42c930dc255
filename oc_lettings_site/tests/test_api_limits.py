"""The rate limits of the API, and how cached answers count."""

from unittest import mock

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory
from werkzeug.test import Client as WsgiClient

from accounts.tests.test_tokens import make_token
from core.pagecache.invalidation import MemoryToken
from core.pagecache.wsgi import PageCache
from core.rest import rate_limits
from core.web.client_address import household
from lettings.tests.host_case import make_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_connection")]
LIST = "/api/v1/lettings"


@pytest.fixture(autouse=True)
def three_a_minute(monkeypatch):
    monkeypatch.setattr(rate_limits, "BY_ADDRESS", 3)
    with mock.patch("core.rest.rate_limits.time.time", return_value=1_000_000_060):
        yield


def test_the_headers_count_down_to_a_429():
    told = []
    for _ in range(4):
        response = Client().get(LIST)
        told.append((response.status_code, response["RateLimit"]))
    assert told == [
        (200, '"address";r=2;t=20'),
        (200, '"address";r=1;t=20'),
        (200, '"address";r=0;t=20'),
        (429, '"address";r=0;t=20'),
    ]
    assert response["RateLimit-Policy"] == '"address";q=3;w=60'
    assert response["Retry-After"] == "20"
    assert response["Content-Type"] == "application/problem+json"


def test_a_304_counts_and_tells():
    _row, token = make_token(make_profile("ada").user)
    ask = {"Authorization": f"Bearer {token}"}
    first = Client().get("/api/v1/my/lettings", headers=ask)
    again = Client().get("/api/v1/my/lettings", headers=ask | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again["RateLimit"]) == (304, '"token";r=598;t=20')


def test_each_address_has_its_own():
    for _ in range(4):
        Client().get(LIST, REMOTE_ADDR="203.0.113.7")
    assert Client().get(LIST, REMOTE_ADDR="203.0.113.8").status_code == 200


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
    ],
)
def test_a_customer_with_many_addresses_is_one(address, counted_as):
    assert household(RequestFactory().get("/", REMOTE_ADDR=address)) == counted_as


def test_a_cache_that_is_down_limits_nobody():
    with mock.patch("core.rest.rate_limits.cache.add", side_effect=ConnectionError):
        responses = [Client().get(LIST) for _ in range(5)]
    assert {response.status_code for response in responses} == {200}
    assert "RateLimit" not in responses[0]


def test_what_the_page_cache_has_costs_nobody_a_use():
    client = WsgiClient(PageCache(get_wsgi_application(), 1_000_000, MemoryToken().read))
    responses = [client.get(LIST) for _ in range(10)]
    assert {response.status_code for response in responses} == {200}
    assert not [name for name in responses[-1].headers.keys() if name.startswith("RateLimit")]


def test_a_limit_that_was_reached_is_kept_for_nobody():
    client = WsgiClient(PageCache(get_wsgi_application(), 1_000_000, MemoryToken().read))
    statuses = [client.get(f"{LIST}?sleeps={n + 1}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]
    other = client.get(f"{LIST}?sleeps=4", environ_overrides={"REMOTE_ADDR": "203.0.113.8"})
    assert other.status_code == 200
