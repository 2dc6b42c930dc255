"""If-Match by RFC 9110, section 13.1.1, and as proxies write ETags: core/rest/preconditions.py"""

import pytest
from django.test import RequestFactory
from pydantic import BaseModel

from core.rest.preconditions import etag, require_match
from core.rest.problems import Problem


class Shown(BaseModel):
    """An answer's content."""

    title: str


NOW = Shown(title="Haus am See")
TAG = etag(NOW)
OTHER = etag(Shown(title="Haus am Meer"))


def suffixed(tag, suffix):
    return f'{tag[:-1]}{suffix}"'


TAKEN = {
    "the tag": TAG,
    "anything": "*",
    "anything, with spaces": " * ",
    "the second of a list": f'"x", {TAG}',
    "a list without spaces": f'{OTHER},{TAG},"x"',
    "a list with empty elements": f", ,{TAG},,",
    "a list with a weak one": f'W/"x", {TAG}',
    "a list with a comma in a tag": f'"x,y", {TAG}',
    "tabs in a list": f'"x"\t,\t{TAG}',
    "Apache's mod_deflate, Caddy": suffixed(TAG, "-gzip"),
    "Apache's mod_brotli": suffixed(TAG, "-br"),
    "Caddy with zstd": suffixed(TAG, "-zstd"),
    "Jetty": suffixed(TAG, "--gzip"),
    "Jetty with brotli": suffixed(TAG, "--br"),
    "Apache behind Apache": suffixed(TAG, "-gzip-gzip"),
    "Jetty behind Caddy": suffixed(TAG, "--gzip-br"),
    "one of a list through Apache": f'"x", {suffixed(TAG, "-gzip")}',
}
# What is refused, and a word of the reason.
CHANGED, WEAK, NO_LIST = (412, "changed since you saw it. Get"), (412, "W/"), (412, "quotes")
REFUSED = {
    "another state": (OTHER, CHANGED),
    "another state, through Apache": (suffixed(OTHER, "-gzip"), CHANGED),
    "another state, through nginx": (f"W/{OTHER}", CHANGED),
    "nginx, Cloudflare, HAProxy": (f"W/{TAG}", WEAK),
    "nginx behind Apache": (f"W/{suffixed(TAG, '-gzip')}", WEAK),
    "a weak one in a list": (f"{OTHER}, W/{TAG}", WEAK),
    "an empty tag": ('""', CHANGED),
    "a star in quotes": ('"*"', CHANGED),
    "part of the tag": (f'{TAG[:9]}"', CHANGED),
    "the tag and more": (suffixed(TAG, "0"), CHANGED),
    "a suffix that is no coding": (suffixed(TAG, "-new"), CHANGED),
    "a suffix alone": ('"-gzip"', CHANGED),
    "no quotes": (TAG.strip('"'), NO_LIST),
    "one quote": (TAG[:-1], NO_LIST),
    "nothing": ("", NO_LIST),
    "commas alone": (", ,", NO_LIST),
    "a small w": (f"w/{TAG}", NO_LIST),
    "no comma between": (f'"x" {TAG}', NO_LIST),
    "a star in a list": (f"*, {TAG}", NO_LIST),
    "a suffix outside of the quotes": (f"{TAG}-gzip", NO_LIST),
}


def ask(value):
    request = RequestFactory().patch("/", headers={} if value is None else {"If-Match": value})
    require_match(request, NOW)


@pytest.mark.parametrize("value", TAKEN.values(), ids=TAKEN)
def test_what_names_the_state_is_edited(value):
    ask(value)


@pytest.mark.parametrize(("value", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_is_told_why(value, expected):
    with pytest.raises(Problem) as caught:
        ask(value)
    assert caught.value.status == expected[0]
    assert expected[1] in caught.value.detail


def test_a_list_is_read_in_no_time():
    """Neither commas nor spaces make the pattern try every way to divide them."""
    for filling in (",", " ,", ", ", "\t", '"x"', '"x",', '"x" ,', "W/"):
        with pytest.raises(Problem):
            ask(filling * 2000 + "x")


def test_without_it():
    with pytest.raises(Problem) as caught:
        ask(None)
    assert caught.value.status == 428
