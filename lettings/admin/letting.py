"""The admin of lettings."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.web.moments import MOMENTS

from ..letting_forms import ADDRESS_FIELDS
from ..models import Address, Draft, Letting, Photo
from . import filters
from .forms import LettingForm, PhotoForm


class ActionWords(NamedTuple):
    """What an action says: in the log, of what it changed, of what was so before."""

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
        """The picture, small."""
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
    # Counting every row of a large table only to say "of 100,000" is a second scan.
    show_full_result_count = False
    autocomplete_fields = ["host"]
    actions = ["publish", "unpublish"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letting]:
        """Fetch the pictures of all rows at once."""
        return super().get_queryset(request).prefetch_related("photos")

    def get_fieldsets(self, request: HttpRequest, obj: Letting | None = None) -> list:
        """Return the address as fields, or as text to who may only look."""
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
            (_("Facts"), {"fields": [("price", "currency"), ("bedrooms", "sleeps")]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Letting | None = None) -> list:
        """Name what is shown as text."""
        return ["full_address"]

    def save_model(
        self, request: HttpRequest, obj: Letting, form: LettingForm, change: bool
    ) -> None:
        """Save the address first: the letting points to it. Its draft goes along to a new host."""
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
        """Lead to the public page; staff see drafts too."""
        return obj.get_absolute_url()

    @admin.display(description=_("picture"))
    def cover(self, letting: Letting) -> str:
        """The first picture, from what was prefetched."""
        return preview(next(iter(letting.photos.all()), None), 90)

    @admin.display(description=_("place"), ordering="address__city")
    def place(self, letting: Letting) -> str:
        """City and state."""
        return f"{letting.address.city}, {letting.address.state}"

    @admin.display(description=_("public"), boolean=True)
    def public(self, letting: Letting) -> bool:
        """Whether visitors see it now."""
        return letting.is_public()

    @admin.display(description=_("address"))
    def full_address(self, letting: Letting) -> str:
        """The address on one line."""
        return ", ".join(str(getattr(letting.address, name)) for name in ADDRESS_FIELDS)

    @admin.action(description=_("Publish selected lettings"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Letting]) -> None:
        """Make drafts, and what was to be published later, public now."""
        now = timezone.now()
        waiting = queryset.exclude(published_at__lte=now)
        self._set(request, queryset, waiting, now, PUBLISHED)

    @admin.action(description=_("Unpublish selected lettings"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Letting]) -> None:
        """Make them drafts, which only their hosts and staff can see."""
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
        """A link to the letting that is there."""
        if not hasattr(address, "letting"):
            return "–"
        path = reverse("admin:lettings_letting_change", args=[address.letting.pk])
        return format_html('<a href="{}">{}</a>', path, address.letting)
