"""The dashboards: a host's own, and the whole site's for staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from background import delivery, jobs
from background.models import Mail
from profiles.models import Profile

from . import health, table
from .figures import Period, Scope, figures
from .forms import FiguresForm

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Let staff in; to anybody else there is nothing here."""

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request)

    return never_cache(login_required(wrapper))


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """A host's figures: charts, the same as a table, and a filter."""
    return render(request, "dashboard/mine.html", _shown(request, request.user.profile))


@require_safe
@never_cache
@login_required
def mine_csv(request: HttpRequest) -> HttpResponse:
    """The same figures as a file for a spreadsheet."""
    return _csv(*_asked(request, request.user.profile))


@require_safe
@for_staff
def site(request: HttpRequest) -> HttpResponse:
    """The whole site's figures, and how mail and jobs do."""
    context = _shown(request, None) | {"health": health.look()}
    return render(request, "dashboard/site.html", context)


@require_safe
@for_staff
def site_csv(request: HttpRequest) -> HttpResponse:
    """The whole site's figures as a file for a spreadsheet."""
    return _csv(*_asked(request, None))


@require_safe
@never_cache
def is_staff(request: HttpRequest) -> HttpResponse:
    """Tell a proxy whether to let this visitor pass to what staff alone may see.

    204 for staff, 401 for who could still sign in, 403 for others; nginx's auth_request and others
    of its kind know these (deploy/flower/nginx.conf).
    """
    if request.user.is_anonymous:
        return HttpResponse(status=401)
    return HttpResponse(status=204 if request.user.is_staff else 403)


@require_POST
@for_staff
def try_again(request: HttpRequest) -> HttpResponse:
    """Put all mail that finally failed back into the queue; or (``what=jobs``) run failed jobs."""
    if request.POST.get("what") == "jobs":
        number = jobs.try_again()
        words = ngettext(
            "%(number)d job is tried again.", "%(number)d jobs are tried again.", number
        )
        messages.success(request, words % {"number": number})
        return redirect("dashboard:site")
    number = delivery.try_again(Mail.objects.all())
    words = ngettext(
        "%(number)d mail is tried again.", "%(number)d mails are tried again.", number
    )
    messages.success(request, words % {"number": number})
    return redirect("dashboard:site")


def _shown(request: HttpRequest, host: Profile | None) -> dict[str, object]:
    form, periods = _asked(request, host)
    return {"form": form, "figures": table.Figures(periods) if periods else None}


def _asked(request: HttpRequest, host: Profile | None) -> tuple[FiguresForm, list[Period]]:
    form = FiguresForm(request.GET, host)
    if not form.is_valid():
        return form, []
    asked = form.cleaned_data
    scope = Scope(host, asked.get("letting"))
    return form, figures(scope, asked["first"], asked["last"], asked["step"])


def _csv(form: FiguresForm, periods: list[Period]) -> HttpResponse:
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type="text/plain")
    name = "figures-{first}-{last}-by-{step}.csv".format(**form.cleaned_data)
    response = HttpResponse(content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    table.write_csv(periods, response)
    return response
