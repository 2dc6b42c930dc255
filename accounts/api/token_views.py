"""The page on which API tokens are created and revoked."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.text.shown import isolated
from core.web.forms import form_page

from . import tokens
from .token_forms import TokenForm


@form_page
@never_cache
@login_required
@reauthentication_required(allow_get=True)
def index(request: HttpRequest) -> HttpResponse:
    """Show the user's tokens, and a form for a new one.

    The answer to the form shows the new token without a redirect: to show it on the next page,
    its text would have to be stored somewhere until then.
    """
    form = TokenForm(request.POST or None, user=request.user)
    secret = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _row, secret = tokens.make(request.user, told["name"], told["scopes"], form.expires_at())
        form = TokenForm(user=request.user)
    context = {"form": form, "tokens": request.user.api_tokens.all()}
    return render(request, "accounts/tokens.html", context | {"secret": secret})


@require_POST
@never_cache
@login_required
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of the user's tokens at once."""
    token = get_object_or_404(request.user.api_tokens, pk=token_id)
    token.delete()
    messages.success(request, _("“%(name)s” has been revoked.") % {"name": isolated(token.name)})
    return redirect("accounts:tokens")
