"""The admin of lettings."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.web.datetimes import MOMENTS

from .. import search
from ..letting_forms import ADDRESS_FIELDS, COLUMNS
from ..models import SIZES, Address, Draft, Letting, Photo
from ..photos import pictures
from . import filters
from .forms import AddressForm, LettingForm, PhotoForm


class ActionWords(NamedTuple):
    """The words of an action: for the log, for what it changed, for what was so already."""

    log: str
    done: str
    left: str


PUBLISHED = ActionWords(
    _("Published."),
    ngettext_lazy(
        "Published %(number)d: %(titles)s.", "Published %(number)d: %(titles)s.", "number"
    ),
    ngettext_lazy(
        "%(number)d already published: left as before.",
        "%(number)d already published: left as before.",
        "number",
    ),
)
UNPUBLISHED = ActionWords(
    _("Unpublished."),
    ngettext_lazy(
        "Unpublished %(number)d: %(titles)s.", "Unpublished %(number)d: %(titles)s.", "number"
    ),
    ngettext_lazy(
        "%(number)d already unpublished: left as before.",
        "%(number)d already unpublished: left as before.",
        "number",
    ),
)


def preview(photo: Photo | None, width: int) -> str:
    """Return the picture at that width in CSS pixels, or a dash."""
    if photo is None or not photo.image:
        return "–"
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        photo.url(480, "webp"),
        photo.alt,
        width,
        width * 2 // 3,
    )


class PhotoInline(admin.TabularInline):
    """The pictures of a letting, in order."""

    model = Photo
    form = PhotoForm
    fields = ["preview", "file", "alt", "position"]
    readonly_fields = ["preview"]
    extra = 1

    @admin.display(description=_("preview"))
    def preview(self, photo: Photo) -> str:
        """Return the picture's thumbnail."""
        return preview(photo, 180)


@admin.register(Letting)
class LettingAdmin(admin.ModelAdmin):
    """Lettings with their address and pictures on one page."""

    form = LettingForm
    formfield_overrides = MOMENTS
    inlines = [PhotoInline]
    list_display = ["cover", "title", "place", "price", "sleeps", "host", "public", "published_at"]
    list_display_links = ["cover", "title"]
    list_filter = [
        filters.StatusFilter,
        filters.PriceFilter,
        filters.SleepsFilter,
        filters.PicturesFilter,
        filters.HostFilter,
        filters.LettingStateFilter,
    ]
    list_select_related = ["address", "host__user"]
    list_per_page = 50
    search_fields = ["title", "address__city", "address__street", "host__user__username"]
    search_help_text = _("Title, city, street or host")
    date_hierarchy = "published_at"
    ordering = ["-pk"]
    # To write "of 100,000", Django would scan a large table a second time.
    show_full_result_count = False
    autocomplete_fields = ["host"]
    actions = ["publish", "unpublish"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letting]:
        """Return the rows with their pictures, fetched in one query."""
        return super().get_queryset(request).prefetch_related("photos")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Letting], search_term: str
    ) -> tuple[QuerySet[Letting], bool]:
        """Return what Django finds by parts of words, and what a visitor would find."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        if search.words_of(search_term):
            found = search.matching(Letting.objects.all(), search_term).values("pk")
            rows |= queryset.filter(pk__in=found)
        return rows, may_repeat

    def get_fieldsets(self, request: HttpRequest, obj: Letting | None = None) -> list:
        """Return the address as fields, or as text for staff who may only view."""
        may_edit = self.has_change_permission(request, obj) if obj else True
        return [
            (None, {"fields": ["title", "description", "host", "published_at"]}),
            (
                _("Address"),
                {
                    "fields": (
                        [("number", "street"), ("city", "state", "zip_code"), "country_iso_code"]
                        if may_edit
                        else ["full_address"]
                    )
                },
            ),
            (_("Facts"), {"fields": [("price", "currency"), SIZES]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Letting | None = None) -> list:
        """Return the names of the fields that are shown as text."""
        return ["full_address"]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the pictures first: Django's own has a transaction around all that it does."""
        for name, file in request.FILES.items():
            if name.endswith("-file"):  # of PhotoInline
                pictures.open_ahead(file)
        return super().changeform_view(request, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Letting, form: LettingForm, change: bool
    ) -> None:
        """Save the address first, since the letting points to it; move its draft to a new host."""
        form.save_address()
        super().save_model(request, obj, form, change)
        if obj.host_id:
            Draft.objects.filter(letting=obj).update(host=obj.host_id)

    def delete_model(self, request: HttpRequest, obj: Letting) -> None:
        """Delete the letting with its address, which nothing else uses."""
        obj.address.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Letting]) -> None:
        """Delete the lettings with their addresses."""
        Address.objects.filter(pk__in=queryset.order_by().values("address_id")).delete()

    def view_on_site(self, obj: Letting) -> str:
        """Return the path of the public page; staff see it for drafts too."""
        return obj.get_absolute_url()

    @admin.display(description=_("picture"))
    def cover(self, letting: Letting) -> str:
        """Return the first picture, from what was prefetched."""
        return preview(next(iter(letting.photos.all()), None), 90)

    @admin.display(description=_("place"), ordering="address__city")
    def place(self, letting: Letting) -> str:
        """Return city and state."""
        return f"{letting.address.city}, {letting.address.state}"

    @admin.display(description=_("public"), boolean=True)
    def public(self, letting: Letting) -> bool:
        """Return whether visitors see it now."""
        return letting.is_public()

    @admin.display(description=_("address"))
    def full_address(self, letting: Letting) -> str:
        """Return the address on one line."""
        return ", ".join(str(getattr(letting.address, name)) for name in ADDRESS_FIELDS)

    @admin.action(description=_("Publish selected lettings"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Letting]) -> None:
        """Publish drafts, and lettings that were to be published later, now."""
        now = timezone.now()
        waiting = queryset.exclude(published_at__lte=now)
        self._set(request, queryset, waiting, now, PUBLISHED)

    @admin.action(description=_("Unpublish selected lettings"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Letting]) -> None:
        """Turn them into drafts, which only their hosts and staff can see."""
        self._set(request, queryset, queryset.exclude(published_at=None), None, UNPUBLISHED)

    def _set(
        self,
        request: HttpRequest,
        queryset: QuerySet[Letting],
        changing: QuerySet[Letting],
        published_at: object,
        words: ActionWords,
    ) -> None:
        lettings, chosen = list(changing.prefetch_related(None)), queryset.count()
        changing.update(published_at=published_at)
        if lettings:
            LogEntry.objects.log_actions(
                request.user.pk, lettings, CHANGE, str(words.log), single_object=False
            )
            titles = Truncator(", ".join(letting.title for letting in lettings)).chars(200)
            done = words.done % {"number": len(lettings), "titles": titles}
            self.message_user(request, done, messages.SUCCESS)
        if chosen > len(lettings):
            left = words.left % {"number": chosen - len(lettings)}
            self.message_user(request, left, messages.INFO)


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    """Addresses; those of lettings are edited with them."""

    form = AddressForm
    fields = ["house", *COLUMNS]
    list_display = ["__str__", "city", "state", "zip_code", "country_iso_code", "of_letting"]
    list_filter = [filters.StateFilter]
    list_select_related = ["letting"]
    list_per_page = 50
    search_fields = ["street", "city", "zip_code"]
    search_help_text = _("Street, city or ZIP code")
    ordering = ["-pk"]
    show_full_result_count = False

    @admin.display(description=_("letting"))
    def of_letting(self, address: Address) -> str:
        """Return a link to the letting at this address."""
        if not hasattr(address, "letting"):
            return "–"
        path = reverse("admin:lettings_letting_change", args=[address.letting.pk])
        return format_html('<a href="{}">{}</a>', path, address.letting)
