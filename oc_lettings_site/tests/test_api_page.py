"""GET /api/v1/docs and /api/v1/openapi.json"""

import json
import re

import jsonschema
import pytest
from django.test import Client

from core.rest.docs import example, groups
from core.tests.pages import folded
from oc_lettings_site.api import api

pytestmark = pytest.mark.django_db


def test_the_page_shows_every_operation_with_each_of_its_parameters():
    response = Client().get("/api/v1/docs")
    page = folded(response)
    assert response.status_code == 200
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            assert f'data-method="{method.upper()}" data-path="{path}"' in page
            for parameter in operation["parameters"]:
                assert f'id="{operation["operationId"]}-{parameter["name"]}"' in page


def test_the_body_to_try_is_one_that_the_operation_takes():
    document = api.get_openapi_schema()
    shown = [each for operations in groups(document).values() for each in operations if each.body]
    assert len(shown) >= 5
    for operation in shown:
        told = document["paths"][operation.path][operation.method.lower()]["requestBody"]
        shape = told["content"]["application/json"]["schema"]
        jsonschema.validate(json.loads(operation.body), {**document, **shape})


def test_nothing_on_it_needs_more_than_the_policy_allows():
    page = Client().get("/api/v1/docs").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", page)
    assert "//cdn" not in page


def test_both_are_kept_for_everyone_and_answer_nothing_else():
    for path in ("/api/v1/docs", "/api/v1/openapi.json"):
        assert Client().get(path)["ETag"]
        assert Client(enforce_csrf_checks=True).post(path).status_code == 405


def test_the_document_is_what_it_says():
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/lettings" in document["paths"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"type": "string", "examples": ["GA"]}, "GA"),
        ({"type": "string", "enum": ["new", "old"]}, "new"),
        ({"type": "integer", "default": 3}, 3),
        ({"type": "boolean"}, True),
        ({"type": "string", "format": "date"}, "2027-07-01"),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}], "examples": [4]}, 4),
        ({"$ref": "#/components/schemas/A"}, {"a": 1}),
    ],
)
def test_an_example_of_each_kind(shape, expected):
    parts = {"A": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    assert example(shape, {"components": {"schemas": parts}}) == expected
