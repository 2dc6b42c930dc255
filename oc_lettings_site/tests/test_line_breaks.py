"""A text is counted as the browser counts it, with LF for each line break, by page and by API.

https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-maxlength
"""

import json

import pytest
from django import forms
from django.test import RequestFactory
from django.urls import get_resolver

from core.rest.parsing import JsonParser
from core.web.forms import PlainTexts
from enquiries.api_schemas import MessageIn
from enquiries.forms import MessageForm
from lettings.api.schemas import LettingPatch
from lettings.hosting.forms import HostForm
from lettings.models import Letting

BREAKS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


def text_of(length):
    """Return a text of so many characters, some of them line breaks."""
    return ("x" * 39 + "\n") * (length // 40 - 1) + "y" * 40


def our_forms(base=forms.BaseForm):
    """Return every form class of ours."""
    get_resolver().url_patterns  # loads all views
    for form in base.__subclasses__():
        if not form.__module__.startswith(("django.", "allauth.")):
            yield form
        yield from our_forms(form)


def test_every_form_with_a_text_of_several_lines_is_plain():
    fields = {
        form: [
            name
            for name, field in form.base_fields.items()
            if isinstance(field.widget, forms.Textarea)
        ]
        for form in our_forms()
        if hasattr(form, "base_fields")
    }
    found = {form for form, names in fields.items() if names}
    assert {MessageForm, HostForm} <= found
    assert [form for form in found if not issubclass(form, PlainTexts)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("line_break", BREAKS.values(), ids=BREAKS)
def test_by_page(line_break):
    for most, name, make in (
        (4000, "text", MessageForm),
        (10_000, "description", lambda sent: HostForm(sent, instance=Letting(), photos=[])),
    ):
        form = make({name: text_of(most).replace("\n", line_break)})
        form.is_valid()
        assert name not in form.errors
        assert form.cleaned_data[name] == text_of(most)
        too_long = make({name: (text_of(most) + "z").replace("\n", line_break)})
        assert name in too_long.errors


@pytest.mark.parametrize("line_break", BREAKS.values(), ids=BREAKS)
def test_by_the_api(line_break):
    for most, name, schema in ((4000, "text", MessageIn), (10_000, "description", LettingPatch)):
        for text, is_taken in ((text_of(most), True), (text_of(most) + "z", False)):
            body = json.dumps({name: text.replace("\n", line_break)})
            request = RequestFactory().post("/", body, content_type="application/json")
            parsed = JsonParser().parse_body(request)
            assert parsed == {name: text}
            if is_taken:
                assert getattr(schema.model_validate(parsed), name) == text
            else:
                with pytest.raises(ValueError, match="at most"):
                    schema.model_validate(parsed)
