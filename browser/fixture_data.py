"""Users with enquiries, drafts and tokens, for the pages that only they see; runs in the site."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.api import tokens
from accounts.models import SCOPES
from background.models import Mail
from enquiries.models import Enquiry, Message
from lettings.hosting import drafts
from lettings.models import Address, Letting, Saved
from profiles.models import Follow, Profile

from .site import GUEST, HOST, NEWCOMER

LONG_TITLE = "The orange packers' house above the bend of the river, with two verandas"


def set_up(staff: str, password: str) -> None:
    """Let a host, a guest with a second factor and a newcomer act; print where, as JSON."""
    host, guest, newcomer = (_person(name, password) for name in (HOST, GUEST, NEWCOMER))
    public = Letting.objects.filter(host=host).earliest("pk")
    for other in Letting.objects.exclude(host=host).order_by("pk")[:3]:
        Saved.objects.get_or_create(profile=host, letting=other)
        Follow.objects.get_or_create(follower=host, host=other.host)
    house = _house(host)
    Saved.objects.create(profile=guest, letting=house)
    _second_factor(guest.user)
    _keys(newcomer.user)
    _trouble()
    tokens.make(host.user, "Channel manager", SCOPES, timezone.now() + timedelta(days=90))
    people = User.objects.filter(username__in=[HOST, GUEST, NEWCOMER, staff])
    found = {
        "cookies": {user.username: _cookie(user) for user in people},
        "addresses": {
            **_threads(host, guest, house),
            **_drafts(host, public),
            **_mailed(host.user, newcomer.user),
        },
    }
    print(json.dumps(found))


def _person(name: str, password: str) -> Profile:
    user, _made = User.objects.get_or_create(username=name)
    user.email = f"{name.lower()}@example.org"
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user.profile


def _cookie(user: User) -> str:
    """Sign somebody in, as by the form a moment ago; return the cookie's value."""
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "Scene"}
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, settings.AUTHENTICATION_BACKENDS[-1])
    record_authentication(request, user, method="password", reauthenticated=True)
    for method in request.session["account_authentication_methods"]:
        method["at"] += 24 * 3600  # nobody is asked again in the middle of the tests
    request.session.save()
    return request.session.session_key


def _second_factor(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def _keys(user: User) -> None:
    """What no key can answer to, and is listed all the same."""
    for name in ("Key on the ring", "The telephone"):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
        )


def _trouble() -> None:
    """A mail that nobody can deliver."""
    Mail.objects.create(
        message_id="<scene@example.org>",
        subject=f"Ann Lee asks for three nights: {LONG_TITLE}",
        recipients=["nobody@example.invalid"],
        content={},
        state=Mail.State.FAILED,
        tries=12,
        error="SMTPRecipientsRefused: 550 5.1.1 <nobody@example.invalid>: no such mailbox here",
    )


def _house(host: Profile) -> Letting:
    """A letting with a long title, not public."""
    address = Address.objects.create(
        number=9999,
        street="Old Railroad Cut Lane",
        city="Truth or Consequences",
        state="NM",
        zip_code="87901-1234",
    )
    return Letting.objects.create(title=LONG_TITLE, address=address, host=host, price=1250)


def _threads(host: Profile, guest: Profile, letting: Letting) -> dict[str, str]:
    made = {}
    today = timezone.localdate()
    for number, state in enumerate(("answered", "booked", "declined")):
        arrive = today + timedelta(days=400 + 10 * number)
        made[state] = Enquiry.objects.create(
            letting=letting,
            letting_title=LONG_TITLE,
            host=host,
            guest=None if state == "answered" else guest,
            guest_name="Ann Lee" if state == "answered" else guest.user.username,
            arrive=arrive,
            leave=arrive + timedelta(days=3),
            people=2,
            state=state,
            form_key=f"scene-{state}",
        )
        for by_host, text in (
            (False, "Is there a table large enough to work at?\n\nWe would come by train."),
            (True, "There is, and the light on it is good. https://example.org/" + "table-" * 20),
            (False, "Then we come."),
        ):
            Message.objects.create(enquiry=made[state], by_host=by_host, text=text)
    addresses = {state: enquiry.get_absolute_url() for state, enquiry in made.items()}
    return {**addresses, "by-link": made["answered"].guests_link()}


def _drafts(host: Profile, letting: Letting) -> dict[str, str]:
    """A letting with changes not published, and a new one that has hardly begun."""
    changed = drafts.for_letting(letting, host)
    drafts.keep(
        changed, drafts.moved(changed.data, changed.data["pictures"][0][0], 1), changed.stamp
    )
    begun = drafts.new(host)
    drafts.keep(
        begun, {**begun.data, "words": {**begun.data["words"], "title": "A tent"}}, begun.stamp
    )
    return {
        "edit": reverse("lettings:edit", args=[letting.pk]),
        "preview": reverse("lettings:preview", args=[changed.pk]),
        "discard": reverse("lettings:discard", args=[changed.pk]),
        "delete-letting": reverse("lettings:delete", args=[letting.pk]),
        "draft": begun.get_absolute_url(),
        "figures-of-one": f"{reverse('dashboard:mine')}?letting={letting.pk}&step=week",
    }


def _mailed(user: User, forgetful: User) -> dict[str, str]:
    """What mails lead to; ``forgetful`` never signs in, which would end the link's life."""
    address = EmailAddress.objects.create(user=user, email=f"new-{user.email}")
    forgetful.refresh_from_db()
    key = default_token_generator.make_token(forgetful)
    return {
        "confirm": reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]),
        "new-password": reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(forgetful), "key": key},
        ),
    }
