"""A form of a session that is over keeps what was typed: core/web/form_recovery.py"""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from enquiries.models import Message
from enquiries.tests.factories import make_enquiry
from lettings.models import Draft
from lettings.tests.factories import make_letting
from lettings.tests.host_case import WORDS, make_profile

pytestmark = pytest.mark.django_db
OURS = {"origin": "http://testserver"}
TYPED = "A porch, a stove & <the sea>.\nAnd 'two' \"beds\", for ten nights at the end of summer"
FORMS = {
    "enquiry": ("/enquiries/to/{letting}/", {"text": TYPED, "arrive": "2027-07-01"}),
    "new letting": ("/lettings/new/", WORDS | {"description": TYPED}),
    "edit": ("/lettings/{letting}/edit/", WORDS | {"description": TYPED}),
    "draft": ("/lettings/drafts/{draft}/", WORDS | {"description": TYPED}),
    "profile": ("/accounts/profile/", {"favorite_city": "Lille", "first_name": TYPED}),
    "message": ("/enquiries/{enquiry}/", {"text": TYPED, "action": "reply"}),
    "token": ("/accounts/tokens/", {"name": "Channel manager"}),
}
NEEDS_AN_ACCOUNT = {name: form for name, form in FORMS.items() if name != "enquiry"}
OTHERS = ("edit", "draft", "message")


@pytest.fixture
def ids():
    """A host, ada, with a letting, a draft and an enquiry; and bob."""
    ada, guest = make_profile("ada"), make_profile("guest")
    make_profile("bob")
    letting = make_letting("Haus", host=ada)
    enquiry = make_enquiry(letting, guest=guest)
    draft = Draft.objects.create(host=ada, data={"words": {}, "pictures": [], "removed": []})
    return {"letting": letting.pk, "enquiry": enquiry.pk, "draft": draft.pk}


def signed_in(name, **options):
    client = Client(enforce_csrf_checks=True, **options)
    client.force_login(get_user_model().objects.get(username=name))
    return client


def sent_again(page):
    """Return what the page's form sends when its button is pressed."""
    form = page.split('<form method="post"')[1].split("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form, re.S)
    texts = re.findall(r'name="(\w+)" rows="8">\n(.*?)</textarea>', form, re.S)
    return {name: unescape(value) for name, value in [*hidden, *texts]}


def check_kept(response, typed, heading):
    page = response.content.decode()
    assert response.status_code in (403, 404)
    assert heading in page
    again = sent_again(page)
    assert again.pop("csrfmiddlewaretoken")
    assert again == typed
    assert "Send it again" in page


@pytest.mark.parametrize(("address", "typed"), FORMS.values(), ids=FORMS)
def test_a_form_with_the_token_of_another_session(ids, address, typed):
    client = signed_in("ada")
    address = address.format(**ids)
    old = typed | {"csrfmiddlewaretoken": "o" * 64}
    response = client.post(address, old, headers={"origin": "http://testserver"})
    check_kept(response, typed, "That form could not be trusted")
    again = client.post(address, sent_again(response.content.decode()))
    assert "That form could not be trusted" not in again.content.decode()
    assert again.status_code in (200, 302, 409)  # an edit names no state of the letting here


@pytest.mark.parametrize(("address", "typed"), NEEDS_AN_ACCOUNT.values(), ids=NEEDS_AN_ACCOUNT)
def test_a_form_after_the_session_has_ended(ids, address, typed):
    response = Client().post(address.format(**ids), typed)
    check_kept(response, typed, "You are signed out")
    assert 'href="/accounts/login/" target="_blank"' in response.content.decode()


@pytest.mark.parametrize("name", OTHERS)
def test_a_form_while_somebody_else_is_signed_in(ids, name):
    client = Client()
    client.force_login(get_user_model().objects.get(username="bob"))
    address, typed = FORMS[name]
    check_kept(client.post(address.format(**ids), typed), typed, "There is nothing at this")


def test_signed_in_again_it_is_sent(ids):
    address, typed = f"/enquiries/{ids['enquiry']}/", FORMS["message"][1]
    page = Client().post(address, typed).content.decode()
    client = signed_in("ada")
    page = client.post(address, sent_again(page)).content.decode()
    client.post(address, sent_again(page))
    assert Message.objects.filter(text=TYPED).exists()


def test_a_password_is_never_kept():
    typed = {"login": "ada", "password": "correct-horse-7"}
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", typed, headers=OURS)
    page = response.content.decode()
    assert "correct-horse-7" not in page
    assert '<input type="password" id="password-1" name="password">' in page
    passwords = {"oldpassword": "correct-1", "password1": "correct-2", "password2": "correct-2"}
    page = Client().post("/accounts/password/change/", passwords | {"note": "x"}).content.decode()
    assert "correct-" not in page


def test_nor_is_a_code_of_the_second_step():
    client = Client(enforce_csrf_checks=True)
    for name in ("code", "credential"):
        typed = {name: "recovery-7"}
        response = client.post("/accounts/2fa/authenticate/", typed, headers=OURS)
        assert response.status_code == 403
        assert "recovery-7" not in response.content.decode()


def test_a_form_of_the_admin_after_the_session_has_ended(ids):
    address, typed = "/admin/lettings/letting/add/", {"title": "Haus", "description": TYPED}
    check_kept(Client().post(address, typed), typed, "You are signed out")
    response = signed_in("bob").get(address)
    assert response.status_code == 302  # a page that was only asked for is asked for again
    bob = Client()
    bob.force_login(get_user_model().objects.get(username="bob"))
    check_kept(bob.post(address, typed), typed, "This page is not open to you")


ELSEWHERE = {
    "another origin": {"origin": "https://evil.example"},
    "an origin that begins like ours": {"origin": "http://testserver.evil.example"},
    "another port": {"origin": "http://testserver:8080"},
    "a sandbox": {"origin": "null"},
    "another scheme": {"origin": "https://testserver"},
    "another site": {"sec-fetch-site": "cross-site"},
    "a neighbour": {"sec-fetch-site": "same-site"},
    "a referrer": {"referer": "http://testserver.evil.example/"},
}


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_form_of_another_site_is_not_offered(ids, headers):
    address, typed = FORMS["enquiry"]
    response = signed_in("ada").post(address.format(**ids), typed, headers=headers)
    assert response.status_code == 403
    page = response.content.decode()
    assert "the sea" not in page
    assert "Send it again" not in page
    assert not response.cookies


def test_a_form_that_says_nothing_of_its_origin(ids):
    """A cookie that no browser sends with another site's form makes it ours."""
    address, typed = FORMS["enquiry"]
    address = address.format(**ids)
    check_kept(signed_in("ada").post(address, typed), typed, "That form could not be trusted")
    page = Client(enforce_csrf_checks=True).post(address, typed).content.decode()
    assert "the sea" not in page


def test_an_empty_form_is_sent_to_sign_in(ids):
    response = Client().post(f"/lettings/{ids['letting']}/save/", {"csrfmiddlewaretoken": "x"})
    assert response.status_code == 302
