"""Messages of allauth are in the site's own words, in English and in French."""

import re
from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override

from accounts.allauth_messages import WORDS

# What settings.py leaves off: https://docs.allauth.org/en/latest/account/configuration.html
SWITCHED_OFF = re.compile(
    r"_code|phone|signup_by_passkey|webauthn/signup_form|mfa/trust|verified_email_required"
    r"|unknown_account|account/email\.html"
)
SERVED = re.compile(r"templates/(account|mfa|usersessions)/")
CAPITALS_INSIDE = re.compile(r"(?<=[a-z] )[A-Z][a-z]+\b")
APP = Path(__file__).resolve().parents[1]


def messages():
    """Return allauth's messages by their texts: in which of its files they are."""
    path = Path(allauth.__file__).parent / "locale/en/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id: [place for place, _line in message.locations]
        for message in catalogue
        if isinstance(message.id, str)
    }


def test_each_of_ours_is_one_of_allauths():
    """An upgrade that words a message anew would bring its own back, unseen."""
    assert [word for word in WORDS if word not in messages()] == []


def is_shown(place):
    """Return whether a page or mail of ours is made of that file of allauth's."""
    return bool(
        SERVED.search(place) and not SWITCHED_OFF.search(place) and not (APP / place).exists()
    )


@pytest.mark.parametrize(
    "message", [text for text, places in messages().items() if any(map(is_shown, places))]
)
def test_headings_are_written_as_sentences(message):
    with override("en"):
        said = re.sub(r"%\(\w+\)s|<[^>]*>", "", gettext(message))
    sentences = re.split(r"[.:!?\n]\s*", said)
    assert [s for s in sentences if CAPITALS_INSIDE.search(s)] == []


def test_the_same_words_in_both_languages():
    for language, said in (("en", "Two-step verification"), ("fr", "Double authentification")):
        with override(language):
            assert gettext("Two-Factor Authentication") == said
            assert gettext("Two-step verification") == said
