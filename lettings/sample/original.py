"""Load the six lettings and four profiles of the original site, once."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, transaction

from lettings.models import Address, Letting, Photo
from profiles.models import Profile

from ..photos.pictures import MASTER, rendition
from . import drafts_and_follows
from .original_content import ALT, PEOPLE, PLACES, Person, Place


@transaction.atomic
def load() -> bool:
    """Load lettings, profiles, drafts and follows, all or none; return whether it did.

    If one of them exists, the sample was loaded before or came with the old site's data.
    People may have changed or deleted parts since then, so nothing is touched.
    """
    usernames = [person.username for person in PEOPLE]
    titles = [place.title for place in PLACES]
    if (
        User.objects.filter(username__in=usernames).exists()
        or Letting.objects.filter(title__in=titles).exists()
    ):
        return False
    hosts = {person.username: _profile(person) for person in PEOPLE}
    # The original's ids, if they are free, so that a bookmark of 2021 still works.
    ids = range(1, len(PLACES) + 1)
    free = not (
        Letting.objects.filter(pk__in=ids).exists() or Address.objects.filter(pk__in=ids).exists()
    )
    for number, place in zip(ids, PLACES, strict=True):
        _letting(place, hosts[place.host], pk=number if free else None)
    if free:
        _continue_after_the_highest_id()
    drafts_and_follows.load(hosts)
    return True


def photos(letting_id: int, names: tuple[str, ...]) -> list[Photo]:
    """Return unsaved photos for the letting with that id: the drawings of those names."""
    return [
        Photo(
            letting_id=letting_id,
            image=rendition(f"sample/{name}", MASTER[0], "webp"),
            alt=ALT[name],
            position=position,
            width=MASTER[0],
            height=MASTER[1],
        )
        for position, name in enumerate(names, start=1)
    ]


def _profile(person: Person) -> Profile:
    user = User.objects.create(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        password=make_password(None),  # nobody can sign in with it
        date_joined=person.joined,
    )
    user.profile.favorite_city = person.favorite_city
    user.profile.save()
    return user.profile


def _letting(place: Place, host: Profile, pk: int | None) -> None:
    number, street, city, state, zip_code = place.address
    address = Address.objects.create(
        pk=pk, number=number, street=street, city=city, state=state, zip_code=zip_code
    )
    letting = Letting.objects.create(
        pk=pk,
        title=place.title,
        address=address,
        description=place.description,
        price=place.price,
        **place.sizes,
        host=host,
        published_at=place.published,
    )
    Photo.objects.bulk_create(photos(letting.pk, place.pictures))


def _continue_after_the_highest_id() -> None:
    """Reset PostgreSQL's sequences, which don't notice explicit ids: the next id would clash."""
    statements = connection.ops.sequence_reset_sql(no_style(), [Address, Letting])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
