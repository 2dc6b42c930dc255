"""House numbers and postal codes as the world writes them, by page, API and admin."""

import json

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.tests.test_tokens import make_token
from lettings.browsing.structured_data import letting_data
from lettings.hosting.forms import HostForm
from lettings.models import Address, Letting
from lettings.postal_codes import WITHOUT_POSTAL_CODES

from .factories import make_letting
from .host_case import WORDS, make_profile

pytestmark = pytest.mark.django_db
# As it is written, and what is in the two columns: the number of older releases, and the text.
HOUSES = {
    "12": (12, ""),
    "17312": (17312, ""),
    "999999999": (999_999_999, ""),
    "0": (0, ""),
    "12A": (0, "12A"),
    "12 bis": (0, "12 bis"),
    "37-15": (0, "37-15"),  # Queens, New York
    "N6W23001": (0, "N6W23001"),  # Wisconsin
    "W156 N8480": (0, "W156 N8480"),
    "1/2": (0, "1/2"),
    "1600½": (0, "1600½"),
    "007": (0, "007"),
    "4294967296": (0, "4294967296"),
    "１２": (0, "１２"),
    "٣": (0, "٣"),
    "Rose Cottage": (0, "Rose Cottage"),
    "甲-3": (0, "甲-3"),
}
NO_HOUSES = ("", " ", "–", "#", "/", "\u3164", "1" * 17)
POST = {"content_type": "application/json"}


def words(**changed):
    return {name: changed.get(name, value) for name, value in WORDS.items()}


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad"])
def test_an_invisible_mark_makes_no_other_number(mark):
    for copied in (f"12{mark}", f"{mark}12", f"1{mark}2 {mark}"):
        form = HostForm(words(number=copied), instance=Letting(), photos=[])
        form.is_valid()
        assert (form.address.number, form.address.house_number) == (12, "")


def shown(house):
    return "" if house == "0" else house


@pytest.mark.parametrize(("house", "columns"), HOUSES.items())
def test_a_house_number_as_it_is_written(house, columns):
    form = HostForm(words(number=house), instance=Letting(), photos=[])
    form.is_valid()
    assert "number" not in form.errors
    address = form.address
    assert (address.number, address.house_number) == columns
    assert address.house == shown(house)
    assert str(address) == f"{shown(house)} {WORDS['street']}".strip()


@pytest.mark.parametrize("house", NO_HOUSES)
def test_what_is_no_house_number(house):
    form = HostForm(words(number=house), instance=Letting(), photos=[])
    assert "number" in form.errors


def test_by_the_api_as_text_or_as_a_number():
    host = make_profile("ada")
    _row, token = make_token(host.user)
    client = Client(headers={"authorization": f"Bearer {token}"})
    address = {"street": "Bedford Street", "city": "Queens", "state": "NY", "zip_code": "11368"}
    sent_and_told = ((7217, 7217, "7217"), ("7217", 7217, "7217"), ("37-15", 0, "37-15"))
    for sent, number, house in sent_and_told:
        new = {"title": "Haus", "address": {"number": sent, **address}}
        answer = client.post("/api/v1/my/lettings", json.dumps(new), **POST)
        assert answer.status_code == 201, answer.content
        told = answer.json()["address"]
        assert (told["number"], told["house_number"]) == (number, house)
    answer = client.patch(
        f"/api/v1/my/lettings/{answer.json()['id']}",
        json.dumps({"address": {"number": "N6W23001"}}),
        headers={"if-match": "*"},
        **POST,
    )
    assert answer.json()["address"]["house_number"] == "N6W23001"
    for refused in ("–", "", " ", None, True, 12.5, -1, 10**9, "1" * 17, ["1"]):
        new["address"]["number"] = refused
        answer = client.post("/api/v1/my/lettings", json.dumps(new), **POST)
        assert [error["name"] for error in answer.json()["errors"]] == ["address.number"], refused


def test_a_release_before_reads_and_writes_the_number():
    """Its number counts, whatever text was there; an address of the old site without one stays."""
    address = make_letting("Haus").address
    address.set_house_number("12A")
    address.save()
    Address.objects.filter(pk=address.pk).update(number=14)
    assert Address.objects.get(pk=address.pk).house == "14"
    Address.objects.filter(pk=address.pk).update(number=0, house_number="")
    letting = Letting.objects.get(address=address.pk)
    assert HostForm(instance=letting, photos=[]).initial["number"] == "0"
    assert str(letting.address) == address.street


def test_on_the_page_and_in_the_admin(admin_client):
    letting = make_letting("Haus")
    page = f"/admin/lettings/address/{letting.address_id}/change/"
    sent = {name: getattr(letting.address, name) for name in ("street", "city", "state")}
    sent |= {"house": "37-15", "zip_code": "31525", "country_iso_code": "USA"}
    answer = admin_client.post(page, sent)
    assert answer.status_code == 302, answer.context["errors"]
    assert 'value="37-15"' in admin_client.get(page).content.decode()
    public = Client().get(f"/lettings/{letting.pk}/").content.decode()
    assert f"37-15 {letting.address.street}" in public


def zip_errors(country, code):
    typed = words(country_iso_code=country, zip_code=code, state="KL")
    return HostForm(typed, instance=Letting(), photos=[]).errors.get("zip_code", [])


def test_search_engines_are_told_of_no_empty_postal_code():
    letting = make_letting("Haus")
    assert letting_data(letting, str)["address"]["postalCode"] == letting.address.zip_code
    letting.address.zip_code = ""
    assert "postalCode" not in letting_data(letting, str)["address"]


@pytest.mark.parametrize("country", sorted(WITHOUT_POSTAL_CODES))
def test_a_country_without_postal_codes_needs_none(country):
    assert zip_errors(country, "") == []
    assert zip_errors(country, "0000") == []


@pytest.mark.parametrize("country", ["FRA", "DEU", "GBR", "CAN", "JPN", "IND", "BRA"])
def test_another_country_needs_one(country):
    assert zip_errors(country, "") == ["Write the postal code."]
    assert zip_errors(country, "75001") == []
    with override("fr"):
        assert zip_errors(country, "") == ["Indiquez le code postal."]


def test_the_usa_need_a_zip_code():
    for code in ("", "1", "ABCDE", "02134-1"):
        [error] = HostForm(words(zip_code=code), instance=Letting(), photos=[]).errors["zip_code"]
        assert "five digits" in error
