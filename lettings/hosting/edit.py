"""The page on which a host edits a letting: words, pictures, preview, publication.

Each of its buttons sends the whole form, which is saved as the draft before anything else, so
that nothing typed is lost. Strangers are answered 404.
"""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.files.uploads import MAX_BYTES
from core.templatetags.dates import hour, moment
from core.text.shown import isolated
from core.web.forms import form_page

from ..models import Draft, Letting
from ..photos import draft_photos
from . import drafts
from .forms import HostForm, alt_name
from .permissions import draft_of, hosts_only, letting_of, new_draft_of

STEPS = {"earlier": -1, "later": 1}


@login_required
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new letting; the first save creates its draft."""
    return _work(request, drafts.new(request.user.profile))


@hosts_only(new_draft_of)
@form_page
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show the draft of a letting that was never published."""
    return _work(request, draft)


@hosts_only(letting_of)
@form_page
def edit(request: HttpRequest, letting: Letting) -> HttpResponse:
    """Show a letting with the changes that its host has not published yet."""
    return _work(request, drafts.for_letting(letting, request.user.profile))


@hosts_only(draft_of)
@require_safe
def preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show the public page as the draft would make it."""
    letting, photos = drafts.preview(draft)
    context = {"letting": letting, "photos": photos, "draft": draft, "is_draft": True}
    return render(request, "lettings/preview.html", context)


def _work(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.method != "POST":
        return _page(request, draft, drafts.form_of(draft))
    action, _dash, subject = request.POST.get("action", "save").partition("-")
    data = drafts.read(request.POST, draft)
    if action in STEPS:
        data = drafts.moved(data, _number(subject), STEPS[action])
    elif action == "remove":
        data = drafts.without(data, _number(subject))
    try:
        drafts.keep(draft, data, request.POST.get("stamp", ""))
        return ACTIONS.get(action, _saved)(request, draft)
    except drafts.Conflict:
        return _conflict(request, draft, data)
    except drafts.Gone:
        return gone(request)


def gone(request: HttpRequest) -> HttpResponse:
    """Redirect to the list, which shows what happened: a first click published it, say."""
    words = _("That draft was published or discarded meanwhile.")
    if wants_json(request):
        return JsonResponse({"message": words}, status=404)
    messages.info(request, words)
    return redirect("lettings:own_lettings")


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _saved(request: HttpRequest, draft: Draft) -> HttpResponse:
    words = _("Draft saved at %(time)s.") % {"time": hour(draft.updated_at)}
    if wants_json(request):
        url = draft.get_absolute_url()
        return JsonResponse({"stamp": draft.stamp, "url": url, "message": words})
    messages.success(request, words)
    return _back(draft)


def _back(draft: Draft, anchor: str = "") -> HttpResponse:
    return redirect(draft.get_absolute_url() + anchor)


def _arranged(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _back(draft, "#pictures")


def _preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    return redirect("lettings:preview", draft.pk)


def _add(request: HttpRequest, draft: Draft) -> HttpResponse:
    files = request.FILES.getlist("pictures")
    if not files:
        messages.warning(request, _("Choose one or more pictures first, then add them."))
    for refusal in draft_photos.add(draft, files):
        messages.error(request, refusal)
    if wants_json(request):
        return JsonResponse({"stamp": draft.stamp, "url": draft.get_absolute_url()})
    return _back(draft, "#pictures")


def _publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = drafts.form_of(draft, check=True)
    if not form.is_valid():
        return _page(request, draft, form)
    letting = drafts.publish(draft, form, now := timezone.now())
    said = {"title": isolated(letting.title)}
    if letting.published_at and letting.published_at > now:
        words = _("“%(title)s” is changed. It is public from %(moment)s, as before.")
        messages.success(request, words % (said | {"moment": moment(letting.published_at)}))
    else:
        messages.success(request, _("“%(title)s” is published.") % said)
    return redirect(letting)


ACTIONS = {
    "add": _add,
    "publish": _publish,
    "preview": _preview,
    **dict.fromkeys(("earlier", "later", "remove"), _arranged),
}


def _conflict(request: HttpRequest, draft: Draft, data: drafts.Data) -> HttpResponse:
    """Show what was typed and say that another version exists; the next save overwrites that."""
    if draft.letting_id:
        draft = drafts.for_letting(draft.letting, draft.host)
    else:
        draft.refresh_from_db()
    if wants_json(request):
        words = _(
            "This draft was changed in another window, so it is no longer saved from this one."
            " Your words are still here: “Save draft” asks what to do."
        )
        return JsonResponse({"message": words}, status=409)
    draft.data = data
    response = _page(request, draft, drafts.form_of(draft), conflict=True)
    response.status_code = 409
    return response


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request comes from the page's own script."""
    return request.headers.get("Accept") == "application/json"


def _page(
    request: HttpRequest, draft: Draft, form: HostForm, *, conflict: bool = False
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "pictures": [(photo, form[alt_name(photo.pk)]) for photo in form.photos],
        "conflict": conflict,
        "most_pictures": draft_photos.MOST_PICTURES,
        "most_bytes": MAX_BYTES,
        "most_megabytes": MAX_BYTES // 2**20,
    }
    return render(request, "lettings/edit.html", context)
