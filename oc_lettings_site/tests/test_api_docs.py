"""docs/api.md and the API say the same, and what the page tells one to type works."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import SCOPES
from accounts.tests.test_tokens import make_token
from lettings.models import Letting
from lettings.tests.host_case import upload
from oc_lettings_site.api import api

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()
SITE = "https://lettings.example"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines()]


def described():
    """Return "GET /lettings" and its like, from the description."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", operation


def test_every_operation_is_on_the_page_and_none_besides():
    rows = re.findall(r"^\| `([A-Z]+ /\S+)` \| ", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(name for name, _ in described())


def test_the_page_names_the_scope_of_each_operation_and_every_scope():
    rows = dict(re.findall(r"^\| `([A-Z]+ /\S+)` \| .*? \| (?:`(\S+)`)? ?\|$", PAGE, re.MULTILINE))
    for name, operation in described():
        [scope] = [each["Token"][0] for each in operation.get("security", [])] or [""]
        assert rows[name] == scope, name
    assert set(rows.values()) - {""} == set(SCOPES)
    assert set(re.findall(r"^\| `([a-z]+:[a-z]+)` \|", PAGE, re.MULTILINE)) == set(SCOPES)


def test_every_operation_describes_itself():
    for name, operation in described():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                assert parameter["description"], (name, parameter["name"])


def run(command, token):
    """Ask what a curl command would."""
    words = shlex.split(command.replace("$TOKEN", token))
    assert words.pop(0) == "curl"
    headers, form, content, method, url = {}, {}, None, "", ""
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-F":
            name, _, value = words.pop(0).partition("=")
            form[name] = upload(value[1:]) if value.startswith("@") else value
        elif word == "--json":
            content = words.pop(0)
        elif word == "-X":
            method = words.pop(0)
        else:
            url = word
    assert url.startswith(SITE)
    path = url.removeprefix(SITE)
    if form:
        return Client().post(path, form, headers=headers)
    method = method or ("GET" if content is None else "POST")
    return Client().generic(
        method, path, content or "", content_type="application/json", headers=headers
    )


@pytest.mark.django_db
def test_the_examples_work(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_sample", verbosity=0)
    host = Letting.objects.get(pk=1).host
    _row, token = make_token(host.user)
    assert len(COMMANDS) >= 11
    next_summer = f"{timezone.localdate().year + 1}-07"  # the page's days will have passed one day
    for command in COMMANDS:
        response = run(command.replace("2027-07", next_summer), token)
        assert response.status_code in {200, 201, 204}, (command, response.content)
