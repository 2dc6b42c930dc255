"""A host's draft: the text that was typed, stored unchanged until it can become a public page.

``Draft.data`` holds ``words`` (a text for each field of the form), ``pictures`` (pairs of a
photo's id and its alternative text, in order) and ``removed`` (ids of photos to delete).
Nothing of it is public until ``publish``. New pictures belong to the draft, public ones to the
letting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import pagecache

from ..browsing.forms import spell
from ..models import Draft, Letting, Photo
from ..cache_invalidation import keep_pages_if_private
from .forms import HostForm, alt_name

Data = dict[str, Any]
WORDS = tuple(HostForm.base_fields)


class Conflict(Exception):
    """Another window, or somebody else, has changed the draft since this one was opened."""


class Gone(Exception):
    """The draft was published or discarded since this page was opened."""


def stamp_of(data: Data) -> str:
    """Return a digest that tells this state of a draft from any other."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]


def new(host: Any) -> Draft:
    """Return an unsaved draft of a new letting."""
    form = HostForm(instance=Letting())
    data = {"words": _texts(form), "pictures": [], "removed": []}
    return Draft(host=host, data=data, stamp=stamp_of(data))


def for_letting(letting: Letting, keeper: Any) -> Draft:
    """Return the saved draft of a letting, or else an unsaved one equal to the letting.

    ``keeper`` is the profile of the user who asks: staff can edit a letting without a host.
    """
    kept = Draft.objects.filter(letting=letting).select_related("host__user").first()
    if kept:
        kept.letting = letting
        return kept
    data = {
        "words": _texts(HostForm(instance=letting)),
        "pictures": [[photo.pk, photo.alt] for photo in letting.photos.all()],
        "removed": [],
    }
    return Draft(host=letting.host or keeper, letting=letting, data=data, stamp=stamp_of(data))


def _texts(form: HostForm) -> dict[str, str]:
    values = {name: form.get_initial_for_field(form.fields[name], name) for name in WORDS}
    return {name: "" if value is None else spell(value) for name, value in values.items()}


def photos_of(draft: Draft) -> list[Photo]:
    """Return the pictures, with the draft's order and alternative texts as unsaved changes."""
    mine = Q(draft=draft.pk) if draft.pk else Q(pk__in=[])
    if draft.letting_id:
        mine |= Q(letting=draft.letting_id)  # never None, which would be every other draft's
    said = {pk: (place, alt) for place, (pk, alt) in enumerate(draft.data["pictures"])}
    photos = [
        photo
        for photo in Photo.objects.filter(mine).order_by("position", "pk")
        if photo.pk not in draft.data["removed"]
    ]
    for photo in photos:
        photo.alt = said.get(photo.pk, (0, photo.alt))[1]
    # Pictures that another window or the admin has added since come last.
    return sorted(photos, key=lambda photo: said.get(photo.pk, (len(said), ""))[0])


def read(post: Mapping[str, str], draft: Draft) -> Data:
    """Return the data of a sent form: texts as they were typed, pictures in the page's order."""
    words = {name: _clean(post.get(name, draft.data["words"].get(name, ""))) for name in WORDS}
    known = {alt_name(photo.pk): photo for photo in photos_of(draft)}
    sent = [name for name in post if name in known]
    rest = [name for name in known if name not in sent]
    pictures = [
        [known[name].pk, _clean(post.get(name, known[name].alt))] for name in [*sent, *rest]
    ]
    return {"words": words, "pictures": pictures, "removed": draft.data["removed"]}


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, neither in text nor in JSON."""
    return text.replace("\0", "")


def moved(data: Data, photo_id: int, step: int) -> Data:
    """Return the data with a picture one place earlier (-1) or later (1), if there is one."""
    data = deepcopy(data)
    pictures = data["pictures"]
    here = next((n for n, (pk, _) in enumerate(pictures) if pk == photo_id), None)
    if here is not None and 0 <= here + step < len(pictures):
        pictures[here], pictures[here + step] = pictures[here + step], pictures[here]
    return data


def without(data: Data, photo_id: int) -> Data:
    """Return the data without a picture."""
    kept = [picture for picture in data["pictures"] if picture[0] != photo_id]
    gone = [photo_id] if len(kept) < len(data["pictures"]) else []
    return {**data, "pictures": kept, "removed": [*data["removed"], *gone]}


def keep(draft: Draft, data: Data, stamp: str) -> None:
    """Save the data over the state that ``stamp`` names.

    Raise Conflict if the draft has another state, Gone if neither it nor its letting exists.
    """
    if draft.pk:
        state = Draft.objects.filter(pk=draft.pk, stamp__in=[stamp, _came_before(draft, data)])
        now = timezone.now()
        if not state.update(data=data, stamp=stamp_of(data), updated_at=now):
            raise Conflict if draft.letting_id or _is_there(draft) else Gone
        draft.data, draft.stamp, draft.updated_at = data, stamp_of(data), now
    else:
        _keep_first(draft, data, stamp)


def _came_before(draft: Draft, data: Data) -> str:
    """Return the stamp of the saved draft if this save is a repeat, because its answer was lost.

    A picture that the first save brought is among the others by now.
    """
    then = {pk for pk, _alt in draft.data["pictures"]}
    return stamp_of(data | {"pictures": [each for each in data["pictures"] if each[0] in then]})


def _is_there(draft: Draft) -> bool:
    return Draft.objects.filter(pk=draft.pk).exists()


def _keep_first(draft: Draft, data: Data, stamp: str) -> None:
    if draft.letting_id and stamp != draft.stamp:
        raise Conflict
    draft.data, draft.stamp = data, stamp_of(data)
    same = Draft.objects.filter(host=draft.host, letting=None, photos=None, stamp=draft.stamp)
    if not draft.letting_id and (kept := same.first()):  # the answer to it was lost
        draft.pk, draft.updated_at = kept.pk, kept.updated_at
        return
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:  # the other window was first
        draft.pk = None
        raise Conflict from error


def form_of(draft: Draft, *, check: bool = False) -> HostForm:
    """Return the draft as a form; with ``check``, it names what a public page still lacks."""
    photos = photos_of(draft)
    words = draft.data["words"] | {alt_name(photo.pk): photo.alt for photo in photos}
    letting = draft.letting if draft.letting_id else Letting(host=draft.host)
    if check:
        return HostForm(words, instance=letting, photos=photos)
    return HostForm(initial=words, instance=letting, photos=photos)


def preview(draft: Draft) -> tuple[Letting, list[Photo]]:
    """Return an unsaved letting, as far as the draft is valid, and its pictures."""
    form = form_of(draft, check=True)
    form.is_valid()
    form.instance.address = form.address
    return form.instance, form.photos


def publish(draft: Draft, form: HostForm, now: datetime) -> Letting:
    """Publish the valid form and its pictures, delete the draft; keep a set day.

    Raise Gone if the draft is gone, after a second click, and Conflict if it has changed.
    """
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, stamp=draft.stamp).update(stamp=""):
            raise Conflict if _is_there(draft) else Gone
        # The draft is locked now. A picture added since the form was made would go with it.
        if {photo.pk for photo in photos_of(draft)} != {photo.pk for photo in form.photos}:
            raise Conflict
        letting = apply(draft, form)
        Letting.objects.filter(pk=letting.pk, published_at=None).update(published_at=now)
    return letting


def discard(draft: Draft) -> None:
    """Delete a draft with its new pictures; raise Gone if it was published or discarded before."""
    with transaction.atomic():
        # Its lock is what ``publish`` waits for, or has: no picture becomes public meanwhile.
        if not Draft.objects.select_for_update().filter(pk=draft.pk).first():
            raise Gone
        with pagecache.keep_pages():
            draft.photos.filter(letting=None).delete()
        draft.delete()


def apply(draft: Draft, form: HostForm) -> Letting:
    """Copy the valid form to the letting and its pictures, and delete the draft.

    Call it in a transaction. A new letting does not become public by this.
    """
    with keep_pages_if_private(form.instance):
        return _apply(draft, form)


def _apply(draft: Draft, form: HostForm) -> Letting:
    letting = form.instance
    form.save_address()
    if letting.pk:
        letting.save(update_fields=[*HostForm.Meta.fields, "address"])
    else:
        letting.save()
    for place, photo in enumerate(form.photos):
        Photo.objects.filter(pk=photo.pk).update(
            letting=letting,
            draft=None,
            position=place,
            alt=form.cleaned_data[alt_name(photo.pk)],
        )
    for photo in Photo.objects.filter(pk__in=draft.data["removed"], letting=letting):
        photo.delete()
    if draft.pk:
        draft.delete()
    return letting
