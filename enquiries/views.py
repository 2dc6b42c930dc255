"""The pages of enquiries. None is cached as public: each is one user's, or has a form."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.web.forms import form_page
from core.web.paging import page_of
from lettings.models import Letting
from profiles.models import Profile

from . import actions, creation, rate_limits
from .forms import EnquiryForm, MessageForm
from .models import Enquiry, today_somewhere

PAGE_SIZE = 25
LONG = 3600  # seconds; for a longer wait the page says what else to do
HOSTS_ALONE = {"book": actions.book, "decline": actions.decline}


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the user's enquiries, as guest and as host, the latest first."""
    profile = request.user.profile
    paginator = Paginator(Enquiry.objects.involving(profile).for_list(), PAGE_SIZE)
    page = page_of(paginator, request.GET.get("page"))
    return render(request, "enquiries/index.html", {"page": page, "profile": profile})


@form_page
@never_cache
def new(request: HttpRequest, letting_id: int) -> HttpResponse:
    """Show the form that writes to the host of a published letting."""
    lettings = Letting.objects.published().select_related("host__user")
    letting = get_object_or_404(lettings, pk=letting_id, host__isnull=False)
    guest = request.user.profile if request.user.is_authenticated else None
    if guest == letting.host:
        messages.info(request, _("This letting is your own: nobody to write to."))
        return redirect(letting)
    form = EnquiryForm(request.POST or None, letting=letting, guest=guest)
    status = 200
    if request.method == "POST" and form.is_valid():
        again = creation.was_sent(form)
        seconds = 0 if again else rate_limits.wait(request, guest, creation.email(form, guest))
        if not seconds:
            return _send(request, form, guest)
        form.add_error(None, _later(seconds) if guest else _later_or_signed_in(seconds))
        status = 429
    booked = Enquiry.objects.booked(letting.pk, today_somewhere())
    context = {"form": form, "letting": letting, "booked": booked[:20]}
    return render(request, "enquiries/new.html", context, status=status)


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Show an anonymous guest what comes next."""
    return render(request, "enquiries/sent.html")


@form_page
@never_cache
@login_required
def thread(request: HttpRequest, enquiry_id: int) -> HttpResponse:
    """Show an enquiry to its two sides; answer 404 to anybody else."""
    profile = request.user.profile
    enquiry = get_object_or_404(Enquiry.objects.involving(profile).for_list(), pk=enquiry_id)
    return _thread(request, enquiry, by_host=enquiry.host_id == profile.pk)


@form_page
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show an enquiry to a guest who came by the link in the mail."""
    enquiry = get_object_or_404(Enquiry.objects.by_link(token).for_list(), guest=None)
    if request.method == "POST":  # not on GET: link scanners open links too
        actions.confirm_guest(enquiry)
    response = _thread(request, enquiry, by_host=False)
    # The URL is a secret. (With no-referrer, a browser sends no Origin, which CSRF needs.)
    response["Referrer-Policy"] = "same-origin"
    return response


def _send(request: HttpRequest, form: EnquiryForm, guest: Profile | None) -> HttpResponse:
    enquiry = creation.send(form, guest, request)
    if guest is None:
        return redirect("enquiries:sent")
    messages.success(request, _("Your enquiry is sent. The answer comes here, and by mail."))
    return redirect(enquiry)


def _later_or_signed_in(seconds: int) -> str:
    if seconds > LONG:
        return _(
            "A lot was sent with this e-mail address today. Sign in, or make an account, and you"
            " can send this now; or send it tomorrow."
        )
    minutes = -(-seconds // 60)
    return ngettext(
        "A lot was sent from your network just now, perhaps by others. Sign in, or make an"
        " account, and you can send this now; or send it in %(n)s minute. Nothing is lost.",
        "A lot was sent from your network just now, perhaps by others. Sign in, or make an"
        " account, and you can send this now; or send it in %(n)s minutes. Nothing is lost.",
        minutes,
    ) % {"n": minutes}


def _later(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "You have sent a lot just now. Please send this one in %(n)s minute; nothing is lost.",
        "You have sent a lot just now. Please send this one in %(n)s minutes; nothing is lost.",
        minutes,
    ) % {"n": minutes}


def _thread(request: HttpRequest, enquiry: Enquiry, *, by_host: bool) -> HttpResponse:
    form = MessageForm()
    if request.method == "POST":
        form = MessageForm(request.POST)
        try:
            if _act(request.POST.get("action", ""), enquiry, form, by_host=by_host):
                return redirect(request.path)
        except actions.Refused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)
    status = 429 if form.has_error(NON_FIELD_ERRORS, "often") else 200
    unconfirmed = not by_host and not enquiry.guest_is_known
    context = {"enquiry": enquiry, "form": form, "by_host": by_host, "unconfirmed": unconfirmed}
    return render(request, "enquiries/thread.html", context, status=status)


def _act(action: str, enquiry: Enquiry, form: MessageForm, *, by_host: bool) -> bool:
    """Run a button's action; return False for an invalid message, or one too many."""
    if action == "confirm":
        return True
    if action == "close":
        actions.close(enquiry, by_host=by_host)
    elif action in HOSTS_ALONE:
        if not by_host:
            raise Http404
        HOSTS_ALONE[action](enquiry)
    elif not form.is_valid():
        return False
    elif seconds := rate_limits.wait_in_thread(enquiry, by_host=by_host):
        form.add_error(None, ValidationError(_later(seconds), code="often"))
        return False
    else:
        actions.say(enquiry, form.cleaned_data["text"], by_host=by_host)
    return True
