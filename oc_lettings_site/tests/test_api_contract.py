"""The API keeps what its description promises: schemathesis asks, by examples it makes up."""

import pytest
import schemathesis
from django.contrib.auth.models import User
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from accounts.tests.test_tokens import make_token
from lettings.tests.houses import make_lettings
from oc_lettings_site.rest import limits
from oc_lettings_site.wsgi import application

CONFIG = {
    "seed": 1,
    "generation": {"mode": "all", "deterministic": True},
}
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", application, config=SchemathesisConfig.from_dict(CONFIG)
)


@pytest.fixture
def a_site(db, one_connection, monkeypatch):
    """A few lettings, no limit on asking, and the headers of someone who may do everything."""
    monkeypatch.setattr(limits, "BY_ADDRESS", 10**9)
    monkeypatch.setattr(limits, "BY_TOKEN", 10**9)
    make_lettings(30)
    _row, token = make_token(User.objects.create_user("host"))
    return {"Authorization": f"Bearer {token}"}


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_operation_keeps_its_promise(case, a_site):
    case.call_and_validate(headers=a_site)
