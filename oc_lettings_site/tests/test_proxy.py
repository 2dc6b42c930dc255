"""Headers of proxies are trusted for the declared number of proxies only."""

import pytest
from django.http import JsonResponse
from django.urls import path
from werkzeug.test import Client

from oc_lettings_site import wsgi_middleware
from oc_lettings_site.urls import urlpatterns as pages


def tell(request):
    return JsonResponse(
        {
            "scheme": request.scheme,
            "address": request.META["REMOTE_ADDR"],
            "host": request.get_host(),
        }
    )


urlpatterns = [path("tell/", tell), *pages]


@pytest.fixture
def ask(settings, one_connection):
    from django.core.handlers.wsgi import WSGIHandler

    def ask(proxies, forwarded_host=False, page="/tell/", **headers):
        settings.ROOT_URLCONF = __name__
        settings.ALLOWED_HOSTS = ["lettings.example", "other.example"]
        settings.TRUSTED_PROXIES = proxies
        settings.TRUST_FORWARDED_HOST = forwarded_host
        client = Client(wsgi_middleware.wrap(WSGIHandler()))
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(
            page,
            base_url="http://lettings.example",
            headers=headers,
            environ_base={"REMOTE_ADDR": "10.0.0.1"},
        )

    return ask


def test_with_no_proxy_declared_nobody_is_believed(ask):
    assert ask(
        0,
        True,
        X_Forwarded_For="1.1.1.1",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="other.example",
    ).json == {"scheme": "http", "address": "10.0.0.1", "host": "lettings.example"}


def test_one_proxy_tells_scheme_and_address(ask):
    assert ask(1, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https").json == {
        "scheme": "https",
        "address": "203.0.113.7",
        "host": "lettings.example",
    }


def test_what_the_client_wrote_before_the_proxy_is_ignored(ask):
    answer = ask(1, X_Forwarded_For="6.6.6.6, 203.0.113.7", X_Forwarded_Proto="https, http").json
    assert (answer["address"], answer["scheme"]) == ("203.0.113.7", "http")


def test_two_proxies(ask):
    answer = ask(
        2, X_Forwarded_For="6.6.6.6, 203.0.113.7, 10.0.0.2", X_Forwarded_Proto="https,http"
    )
    assert (answer.json["address"], answer.json["scheme"]) == ("203.0.113.7", "https")


@pytest.mark.parametrize(
    ("trusted", "host"), [(False, "lettings.example"), (True, "other.example")]
)
def test_the_host_has_a_switch_of_its_own(ask, trusted, host):
    assert ask(1, trusted, X_Forwarded_Host="other.example").json["host"] == host


def test_a_forwarded_host_must_be_ours_all_the_same(ask):
    assert ask(1, True, X_Forwarded_Host="evil.example").status_code == 400


def test_other_headers_for_the_same_purpose_are_not_read(ask):
    answer = ask(
        1, Forwarded="for=6.6.6.6;proto=https;host=evil.example", X_Real_IP="6.6.6.6",
        X_Forwarded_Ssl="on", X_Forwarded_Port="443", X_Forwarded_Prefix="/evil",
    )  # fmt: skip
    assert answer.json == {"scheme": "http", "address": "10.0.0.1", "host": "lettings.example"}


def test_no_redirect_loop(ask, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ask(1, X_Forwarded_Proto="http").headers["Location"] == "https://lettings.example/tell/"
    assert ask(1, X_Forwarded_Proto="https").status_code == 200
    assert ask(1, page="/livez").status_code == 200
