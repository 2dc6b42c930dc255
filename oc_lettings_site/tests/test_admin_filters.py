"""Every list of the admin answers a filter that no database can take."""

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db import OperationalError, models, transaction
from django.test import RequestFactory
from django.urls import reverse

pytestmark = pytest.mark.django_db

YEARS = ("20261201", "10000", "-1", "0", "99999999999999999999", "nan", "\0", "")
TRANSFORMS = ("year", "year__gte", "year__lt", "year__in", "iso_year", "iso_year__gte", "month")
# The lookups of any column, with values that its database or Python can't read.
OTHERS = {
    "id__in": "99999999999999999999",
    "id__range": "1",
    "id__gt": "99999999999999999999",
    "id__regex": "[",
    "pk__iregex": "(",
    "id__isnull": "many",
}


def address_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def filters():
    """Return (model, parameter, value) for each date of each registered model, and for its id."""
    for model, model_admin in admin.site._registry.items():
        dates = {f.name for f in model._meta.concrete_fields if isinstance(f, models.DateField)}
        dates |= {model_admin.date_hierarchy} - {None}
        for name in sorted(dates):
            yield model, f"{name}__year", "9999"
            for number, transform in enumerate(TRANSFORMS):
                # Each transform with three of the years, each year with some of the transforms.
                for year in (YEARS * 2)[number : number + 3]:
                    yield model, f"{name}__{transform}", year
        for name, value in OTHERS.items():
            yield model, name, value


def ask(client, model, **parameters):
    """Ask in a savepoint: PostgreSQL goes on with none after an error."""
    with transaction.atomic():
        response = client.get(address_of(model), parameters)
        transaction.set_rollback(True)
    return response


def answer(user, model, **parameters):
    """Return the answer of the list alone, not rendered, which takes less time."""
    request = RequestFactory().get(address_of(model), parameters)
    request.user = user
    with transaction.atomic():
        response = admin.site.get_model_admin(model).changelist_view(request)
        transaction.set_rollback(True)
    return response


def test_no_filter_is_an_error():
    user = User.objects.create_superuser("boss")
    asked = list(filters())
    assert {model for model, _name, _value in asked} == set(admin.site._registry)
    for model, name, value in asked:
        response = answer(user, model, **{name: value})
        assert response.status_code in (200, 302), (model, name, value)
        if response.status_code == 302:
            assert response["Location"] == address_of(model) + "?e=1", (model, name, value)


def test_the_links_of_a_list_by_dates(client):
    client.force_login(User.objects.create_superuser("boss"))
    lists = {m: a.date_hierarchy for m, a in admin.site._registry.items() if a.date_hierarchy}
    assert lists
    for model, name in lists.items():
        for year in ("9999", "20261201", "99999999999999999999"):
            assert ask(client, model, **{f"{name}__year": year}).status_code == 302, (model, year)
        assert ask(client, model, **{f"{name}__year": "2026"}).status_code == 200


def test_a_year_that_there_is():
    user = User.objects.create_superuser("boss")
    year = user.date_joined.year
    for shown, found in ((year, True), (year - 1, False)):
        response = answer(user, User, date_joined__year=shown)
        assert list(response.context_data["cl"].queryset) == ([user] if found else [])


def test_a_year_in_the_zone_of_the_reader(client):
    """On PostgreSQL the connection waited for itself: the zone was asked for inside a query."""
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    response = client.get(address_of(User), {"date_joined__year": user.date_joined.year})
    assert list(response.context["cl"].result_list) == [user]


def test_an_error_without_a_filter_is_no_filters_doing(monkeypatch):
    """Nor is a database that is away, with a filter or without."""

    def fail(error):
        def get_results(self, request):
            raise error

        monkeypatch.setattr(ChangeList, "get_results", get_results)

    user = User.objects.create_superuser("boss")
    fail(ValueError("broken"))
    assert answer(user, User, id=1).status_code == 302
    for error, parameters in (
        (ValueError("broken"), {}),
        (ValueError("broken"), {"q": "a", "o": "1", "p": "2"}),
        (OperationalError("the server closed the connection"), {"id": 1}),
    ):
        fail(error)
        with pytest.raises(type(error)):
            answer(user, User, **parameters)
