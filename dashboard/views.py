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
    """Return a view for staff; others get 404."""

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
    """Show a host's figures: charts, the same as a table, and a filter."""
    return render(request, "dashboard/mine.html", _shown(request, request.user.profile))


@require_safe
@never_cache
@login_required
def mine_csv(request: HttpRequest) -> HttpResponse:
    """Return the same figures as a CSV file."""
    return _csv(*_asked(request, request.user.profile))


@require_safe
@for_staff
def site(request: HttpRequest) -> HttpResponse:
    """Show the whole site's figures, and the state of mail and jobs."""
    context = _shown(request, None) | {"health": health.look()}
    return render(request, "dashboard/site.html", context)


@require_safe
@for_staff
def site_csv(request: HttpRequest) -> HttpResponse:
    """Return the whole site's figures as a CSV file."""
    return _csv(*_asked(request, None))


@require_safe
@never_cache
def is_staff(request: HttpRequest) -> HttpResponse:
    """Return for a proxy whether this visitor may see pages for staff only.

    204 for staff, 401 for visitors who are not signed in, 403 for others; nginx's auth_request and
    similar modules use these (deploy/flower/nginx.conf).
    """
    if request.user.is_anonymous:
        return HttpResponse(status=401)
    return HttpResponse(status=204 if request.user.is_staff else 403)


@require_POST
@for_staff
def try_again(request: HttpRequest) -> HttpResponse:
    """Try all failed mail again, or (``what=jobs``) run failed jobs."""
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
