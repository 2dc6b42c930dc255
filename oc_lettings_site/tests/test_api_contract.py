"""The API keeps what its description promises: schemathesis asks, by examples it makes up."""

import os
from dataclasses import dataclass

import pytest
import schemathesis
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from accounts.tests.test_tokens import make_token
from core.rest import rate_limits
from enquiries.tests.factories import make_enquiry
from lettings.hosting import drafts
from lettings.tests.factories import make_letting, make_lettings
from lettings.tests.host_case import add_photo, make_profile
from oc_lettings_site.wsgi import application

# API_EXAMPLES=500 looks harder, for whoever has the minutes.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "15"))
# What no schema says, such as that a ZIP code fits its country: refused, and rightly.
BY_MEANING = {
    "positive_data_acceptance": {"expected-statuses": [200, 201, 204, 404, 409, 412, 422]}
}
CONFIG = {
    "seed": 1,
    # The token is ours to send: what is asked without one, test_permissions knows.
    "generation": {"mode": "all", "deterministic": True, "with-security-parameters": False},
    "checks": {"missing_required_header": {"expected-statuses": [400, 401, 404, 422, 428]}},
    "operations": [{"include-method": ["POST", "PATCH", "DELETE"], "checks": BY_MEANING}],
}
# From a fixture: what it makes up takes seconds, and each process that collects tests would do it.
schema = schemathesis.pytest.from_fixture("description")


@pytest.fixture
def description(request, one_connection):
    """What the API says of itself."""
    request.node._nodeid = request.node.nodeid  # schemathesis 4.32 asks, pytest 9.2 lacks
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", application, config=SchemathesisConfig.from_dict(CONFIG)
    )


@dataclass
class Site:
    """Who asks, and what is there to be asked for."""

    headers: dict[str, str]
    ids: dict[str, list[int]]


@pytest.fixture
def a_site(db, one_connection, monkeypatch):
    """A few lettings, one with a draft, no limit on asking, and someone who may do everything."""
    monkeypatch.setattr(rate_limits, "BY_ADDRESS", 10**9)
    monkeypatch.setattr(rate_limits, "BY_TOKEN", 10**9)
    if connection.vendor == "postgresql":
        # Making up examples takes more than its thirty seconds on a busy machine.
        connection.cursor().execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    make_lettings(30)
    host = make_profile("host")
    _row, token = make_token(host.user)
    letting = make_letting("Haus", host=host)
    drafted = make_letting("Hof", host=host)
    drafts.for_letting(drafted, host).save()
    return Site(
        headers={"Authorization": f"Bearer {token}"},
        ids={
            "letting_id": [letting.pk, drafted.pk],
            "photo_id": [add_photo(letting=letting).pk, add_photo(letting=drafted).pk],
            "enquiry_id": [make_enquiry(letting).pk],
        },
    )


@pytest.mark.django_db  # said here too: pytest-django does not see what schemathesis hands over
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@schema.parametrize()
def test_each_operation_keeps_its_promise(case, a_site):
    for name, value in case.path_parameters.items():
        if isinstance(value, int):  # a number that might be one is made one
            case.path_parameters[name] = a_site.ids[name][value % len(a_site.ids[name])]
    with transaction.atomic():
        case.call_and_validate(headers=a_site.headers)
        transaction.set_rollback(True)  # what one deletes, the next finds
