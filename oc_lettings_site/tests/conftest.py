from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from accounts.models import ApiToken
from enquiries.tests.factories import make_enquiry
from lettings.models import Draft
from lettings.tests.factories import make_letting
from lettings.tests.host_case import add_photo
from profiles.models import Profile


@pytest.fixture
def one_connection():
    """Keep the test's connection open at the end of a request, as Django's test client does."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def things(db):
    """AirWow's things, by the names in test_permissions.IDS."""
    user = get_user_model().objects.create_user("AirWow")
    host = Profile.objects.get_or_create(user=user)[0]
    letting = make_letting("Oceanview Retreat", host=host, published_at=None)
    return {
        "user": user,
        "letting": letting,
        "photo": add_photo(letting=letting),
        "draft": Draft.objects.create(
            host=host, data={"words": {}, "pictures": [], "removed": []}, stamp="first"
        ),
        "token": ApiToken.objects.create(
            user=user, digest="0" * 64, expires_at=timezone.now() + timedelta(days=1)
        ),
        "enquiry": make_enquiry(None, guest=host),
        "passkey": Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key"}),
    }
