"""Texts of forms lose control characters, and single lines their line breaks."""

import unicodedata

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User

import accounts.api.token_forms  # noqa: F401
import accounts.forms  # noqa: F401
import accounts.security_keys  # noqa: F401
import enquiries.forms  # noqa: F401
import lettings.admin.forms  # noqa: F401
import lettings.hosting.forms
from core.text.shown import lines, one_line
from core.web.forms import PlainTexts
from lettings.models import Letting
from lettings.tests.factories import make_letting
from profiles.models import Profile

WILD = [
    *("\x01", "\n", "\r\n", "\r", "\t", "\v", "\f", "\x1b", "\x7f", "\x85", "\x9f"),
    *("\u2028", "\u2029", "\ud800", "\udfff"),
]
APPS = ("accounts", "dashboard", "enquiries", "lettings", "profiles")
# What is compared with something, or checked by a pattern, and kept by none of them as it came.
NOT_KEPT = {"IndexForm", "SignInForm", "SignupForm", "ResetPasswordForm", "ChangePasswordForm"}
NOT_KEPT |= {"SetPasswordForm", "ResetPasswordKeyForm"}
CODES = "accounts.one_time_codes"
# A security key's signed answer: compared, and never kept.
ANSWER = "credential"


def forms_of_ours(form=forms.BaseForm):
    for each in form.__subclasses__():
        yield from forms_of_ours(each)
        ours = each.__module__.startswith(APPS) and ".tests" not in each.__module__
        if ours and each.__module__ != CODES:
            yield each


def test_every_form_with_a_text_is_plain():
    for form in set(forms_of_ours()):
        texts = [
            name
            for name, field in form.base_fields.items()
            if isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField)
            if name != ANSWER
        ]
        if texts and form.__name__ not in NOT_KEPT and "AddressFields" != form.__name__:
            assert issubclass(form, PlainTexts), f"{form.__module__}.{form.__name__}: {texts}"


@pytest.mark.parametrize("wild", WILD, ids=ascii)
def test_a_line(wild):
    assert one_line(f"a{wild}b") == "a b"
    assert one_line(f"{wild}{wild}") == ""


@pytest.mark.parametrize("wild", WILD, ids=ascii)
def test_several_lines(wild):
    found = lines(f"a{wild}b")
    assert found in {"ab", "a\nb", "a\tb"}
    assert lines(wild) == ""


@pytest.mark.parametrize("text", ["plain  words", "naïve – “quoted” 日本語 😀", "a\u200db", ""])
def test_other_texts_stay(text):
    assert one_line(text) == lines(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize("wild", WILD, ids=ascii)
def test_a_title_and_a_description(wild):
    user = User.objects.create_user("AirWow")
    letting = make_letting("Cabin", host=Profile.objects.get_or_create(user=user)[0])
    form = lettings.hosting.forms.HostForm(
        {"title": f"A{wild}b", "street": f"C{wild}d", "description": f"E{wild}f"},
        instance=letting,
    )
    form.is_valid()
    assert form.cleaned_data["title"] == "A b"
    assert form.cleaned_data["street"] == "C d"
    kept = {c for c in form.cleaned_data["description"] if unicodedata.category(c) in ("Cc", "Cs")}
    assert kept <= {"\n", "\t"}


def test_the_admin_of_lettings_is_plain_too():
    assert issubclass(admin.site.get_model_admin(Letting).form, PlainTexts)
