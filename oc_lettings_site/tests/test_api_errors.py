"""Every error under /api/ is problem details, whoever makes it."""

import json
from unittest import mock

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from ninja.errors import HttpError, ValidationError

from core.rest.openapi import Api
from core.rest.parsing import JsonParser, require_type
from core.rest.problems import Problem
from core.rest.validation import WORDS

from .test_hostile import ask

pytestmark = pytest.mark.usefixtures("one_connection")
HOSTILE = {
    "no such path": (404, {"path": "/api/nothing"}),
    "no such version": (404, {"path": "/api/v2/lettings"}),
    "a slash too many": (404, {"path": "/api/v1/lettings/"}),
    "a NUL in the path": (400, {"path": "/api/v1/profiles/\0"}),
    "bytes that are not UTF-8": (404, {"path": "/api/v1/profiles/\xff\xfe"}),
    "a wrong Host": (400, {"path": "/api/v1/lettings", "HTTP_HOST": "evil.example"}),
    "an invented method": (405, {"path": "/api/v1/lettings", "method": "FOO"}),
    "POST where only GET is": (405, {"path": "/api/v1/lettings", "method": "POST"}),
    "DELETE where only GET is": (405, {"path": "/api/v1/lettings", "method": "DELETE"}),
    "PUT where nothing is": (404, {"path": "/api/v1/nothing", "method": "PUT"}),
    "POST where nothing is": (404, {"path": "/api/v1/nothing", "method": "POST"}),
    "a negative length": (
        400,
        {"path": "/api/v1/lettings", "method": "POST", "CONTENT_LENGTH": "-1"},
    ),
    "a terabyte": (
        413,
        {"path": "/api/v1/lettings", "method": "POST", "CONTENT_LENGTH": "9" * 12},
    ),
    "too many parameters": (400, {"path": "/api/v1/lettings", "query": "a=1&" * 2000}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("expected", "request_"), HOSTILE.values(), ids=HOSTILE)
def test_what_django_or_the_guard_answers(expected, request_):
    status, headers, body = ask(**request_)
    problem = json.loads(body)
    assert (status, problem["status"]) == (expected, expected)
    assert headers["Content-Type"] == "application/problem+json"
    assert int(headers["Content-Length"]) == len(body.encode())
    assert headers["Cache-Control"] == "no-store"
    assert problem["title"]
    assert problem["detail"]
    if status == 405:
        assert headers["Allow"]


@pytest.mark.django_db
def test_a_fault_of_ours_names_its_report():
    with mock.patch("lettings.api.public.IndexForm", side_effect=ZeroDivisionError):
        response = Client(raise_request_exception=False).get("/api/v1/lettings")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert set(response.json()) == {"type", "title", "status", "detail", "reference"}


@pytest.mark.django_db
def test_pages_keep_their_own_errors():
    response = Client().get("/nothing/")
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def post(content, type="application/json"):
    return RequestFactory().post("/api/", content, content_type=type)


@pytest.mark.parametrize("content", ["{", '{"a": NaN}', "[1,]", b"\xff\xfe\xff"])
def test_a_body_that_is_no_json(content):
    with pytest.raises(Problem) as caught:
        JsonParser().parse_body(post(content))
    assert caught.value.status == 400


def test_a_body_of_another_type():
    with pytest.raises(Problem) as caught:
        JsonParser().parse_body(post("a=b", "text/plain"))
    assert caught.value.status == 415
    assert caught.value.headers == {"Accept-Post": "application/json"}
    with pytest.raises(Problem, match="text/plain"):
        require_type(post("a=b", "text/plain"), "multipart/form-data")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Problem(409, "Twice."), 409),
        (HttpError(403, "No."), 403),
        (RequestDataTooBig(), 413),
        (ValidationError([{"type": "missing", "loc": ("body", "data", "title"), "msg": ""}]), 422),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_library_raises(fault, status):
    response = Api(version="test").on_exception(RequestFactory().get("/api/"), fault)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    if status == 422:
        error = {"in": "body", "name": "title", "detail": "This field is required."}
        assert json.loads(response.content)["errors"] == [error]


def test_every_word_takes_what_pydantic_tells():
    known = {"expected": "'a' or 'b'", "max_length": 5, "limit_value": 1}
    for words in WORDS.values():
        assert "%" not in str(words) % known


NO_JSON = {
    "an array in arrays": b"[" * 100_000,
    "an object in objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of a million digits": b'{"a": ' + b"9" * 1_000_000 + b"}",
    "more names than a form may have": json.dumps(dict.fromkeys(map(str, range(1001)))).encode(),
    "one name as often": b"{" + b'"a": 1, ' * 1001 + b'"a": 1}',
    "no number": b'{"a": NaN}',
    "UTF-8 that is none": b'{"a": "\xff"}',
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_json_that_costs_too_much_or_is_none(body):
    request = RequestFactory().post("/", body, content_type="application/json")
    with pytest.raises(Problem) as caught:
        JsonParser().parse_body(request)
    assert caught.value.status == 400
    assert len(str(caught.value.detail)) < 300
