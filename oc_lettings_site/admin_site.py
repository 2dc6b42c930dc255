"""The admin's site. On all its lists a filter that no database can take is no error of 500."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError, OperationalError, ProgrammingError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# Django checks the names of a filter's lookups, and hardly its values: a year after 9999 fails
# when the SQL is written (https://code.djangoproject.com/ticket/37357), a number that is too
# large or half a regular expression when it runs.
REFUSED = (ValueError, ArithmeticError, LookupError, TypeError, DataError, ProgrammingError)
# What SQLite says of a regular expression that Python can't read.
NO_PATTERN = "user-defined function raised exception"


class CheckedChangeList(ChangeList):
    """Django's list of rows, which blames a filter's value for an error only if there is a filter.

    Django answers by going back to the list without filters, and says so there.
    """

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        """Return the filtered rows; raise IncorrectLookupParameters for a wrong value."""
        return self._checked(super().get_queryset, request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        """Count the rows and choose those of the page; raise as ``get_queryset`` does."""
        self._checked(super().get_results, request)

    def _checked(self, run: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except (*REFUSED, OperationalError) as error:
            by_value = not isinstance(error, OperationalError) or NO_PATTERN in str(error)
            if by_value and self.get_filters_params():
                raise IncorrectLookupParameters(error) from error
            raise


class Site(admin.AdminSite):
    """Django's, with our titles; the list of each model is a CheckedChangeList."""

    site_header = site_title = "Orange County Lettings"
    index_title = _("What is let, and who lets it")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Register as Django does, also what libraries bring."""
        super().register(model_or_iterable, admin_class, **options)
        one = isinstance(model_or_iterable, type)
        for model in [model_or_iterable] if one else model_or_iterable:
            self.get_model_admin(model).get_changelist = _change_list


def _change_list(request: HttpRequest, **options: Any) -> type[ChangeList]:
    return CheckedChangeList
