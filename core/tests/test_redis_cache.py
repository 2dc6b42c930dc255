"""Redis is down: the cache keeps nothing, and people can still sign in."""

import os
import socket

import pytest
from django.contrib.auth.models import User
from django.core.cache.backends import redis as django_redis
from redis.exceptions import RedisError

from core import redis_cache
from core.rest.rate_limits import cache, use


@pytest.fixture
def away(settings):
    """The site with a Redis at a port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{free.getsockname()[1]}/0"
    settings.CACHES = settings.CACHES | {
        "shared": {"BACKEND": "core.redis_cache.RedisCache", "LOCATION": url}
    }
    redis_cache.breaker.close()
    yield url
    redis_cache.breaker.close()


def test_nothing_is_kept_and_nothing_raised(away, caplog):
    assert cache.add("a", 1) is True
    assert cache.get("a", "none") == "none"
    assert cache.get_many(["a"]) == {} and not cache.has_key("a") and "a" not in cache
    assert cache.set("a", 1) is None and cache.set_many({"a": 1}) == ["a"]
    assert cache.touch("a") is False and cache.delete("a") is False
    assert cache.delete_many(["a"]) is None
    with pytest.raises(ValueError):
        cache.incr("a")
    assert len(caplog.records) == 1, "it was asked again at once"


def test_it_is_asked_again_after_a_rest(away, monkeypatch):
    asked = []

    def get(self, key, default):
        asked.append(key)
        raise RedisError("away")

    monkeypatch.setattr(django_redis.RedisCacheClient, "get", get)
    cache.get("a"), cache.get("a")
    assert len(asked) == 1
    redis_cache.breaker.close()
    cache.get("a")
    assert len(asked) == 2


def test_whoever_counts_says_that_it_can_not(away, rf):
    assert use(rf.get("/")) is None


@pytest.mark.django_db
def test_people_still_sign_in_and_guesses_are_still_counted(away, client):
    User.objects.create_user("ada", password="oranges-in-november")
    form = {"login": "ada", "password": "wrong"}
    statuses = [client.post("/accounts/login/", form).status_code for _ in range(4)]
    assert statuses == [200] * 4
    form["password"] = "oranges-in-november"
    assert client.post("/accounts/login/", form).status_code == 302
    client.logout()
    wrong = {"login": "ada", "password": "wrong"}
    assert [client.post("/accounts/login/", wrong).status_code for _ in range(5)][-1] == 429


@pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="set TEST_REDIS_URL to a Redis")
def test_a_redis_that_answers_keeps_what_it_is_given(settings):
    settings.CACHES = settings.CACHES | {
        "shared": {
            "BACKEND": "core.redis_cache.RedisCache",
            "LOCATION": os.environ["TEST_REDIS_URL"],
        }
    }
    redis_cache.breaker.close()
    cache.set("rediscache", 1, timeout=10)
    assert cache.incr("rediscache") == 2 and cache.get("rediscache") == 2
    assert cache.delete("rediscache") is True
