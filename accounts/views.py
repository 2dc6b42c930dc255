"""The account pages that allauth does not have."""

from __future__ import annotations

from allauth.account.forms import ReauthenticateForm
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.web.forms import form_page
from profiles import time_zones
from profiles.models import Profile

from . import personal_data
from .forms import ProfileForm


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the overview of the account pages."""
    return render(request, "accounts/index.html")


@form_page
@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Edit the user's profile."""
    found = Profile.objects.select_related("user").get(user=request.user)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect(form.instance)
    return render(request, "accounts/profile.html", {"form": form})


@require_POST
@never_cache
@login_required
def time_zone(request: HttpRequest) -> HttpResponse:
    """Save the browser's time zone for a user without one; don't ask again in this session.

    Answer 204 even for an unknown zone: nobody typed it, and the profile page offers a choice.
    """
    named = time_zones.find(request.POST.get("time_zone", ""))
    Profile.objects.filter(user=request.user, time_zone="").update(time_zone=named)
    request.session["time_zone_asked"] = True
    return HttpResponse(status=204)


@form_page
@never_cache
@login_required
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Return all personal data of the user: JSON and pictures in one archive."""
    if request.method != "POST":
        return render(request, "accounts/export.html")
    name = f"orange-county-lettings-{request.user.username}-{timezone.localdate()}.zip"
    return FileResponse(personal_data.archive(request.user), as_attachment=True, filename=name)


@form_page
@never_cache
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account after the password is typed again; a user without one sets one first."""
    if not request.user.has_usable_password():
        words = _("Choose a password first: we ask for it before we delete an account.")
        messages.info(request, words)
        return redirect("account_set_password")
    form = ReauthenticateForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = request.user
        logout(request)
        personal_data.erase(user)
        messages.success(
            request,
            _("Your account has been deleted, along with everything that was yours alone."),
        )
        return redirect("index")
    return render(request, "accounts/delete.html", {"form": form})
