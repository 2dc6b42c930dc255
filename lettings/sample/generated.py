"""Any number of plausible lettings for tests of size; letting n is the same on every machine."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.db import connection, transaction
from tqdm import tqdm

from lettings.models import Address, Letting, Photo
from profiles.models import Profile

from . import generated_words
from .original import photos
from .generated_hosts import DOMAIN, HOSTED, hosts

BATCH = 2000
# Earlier than the six original lettings, so that those stay the newest.
FIRST_DAY = datetime(2021, 1, 4, tzinfo=UTC)
MINUTES = 3 * 365 * 24 * 60


class City(NamedTuple):
    """A real city with one of its zip codes, and the landscape around it."""

    name: str
    state: str
    zip_code: str
    land: str


@cache
def cities() -> list[City]:
    """Return the cities of generated lettings."""
    with open(Path(__file__).parent / "cities.csv", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [City(*row) for row in rows]


def top_up(wanted: int) -> int:
    """Add generated lettings until there are ``wanted``; return how many were added.

    Existing ones are not touched. On a terminal a progress bar is shown.
    """
    found = Letting.objects.filter(host__user__email__endswith=DOMAIN).count()
    if found >= wanted:
        return 0
    owners = hosts(-(-wanted // HOSTED))
    with tqdm(total=wanted, initial=found, unit=" lettings", disable=None) as bar:
        for start in range(found, wanted, BATCH):
            stop = min(start + BATCH, wanted)
            _add(range(start, stop), owners)
            bar.update(stop - start)
    # Without fresh statistics, both databases plan queries as if the tables were small.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return wanted - found


@transaction.atomic
def _add(numbers: range, owners: list[Profile]) -> None:
    addresses, lettings, pictures = [], [], []
    for number in numbers:
        random = Random(number)
        city = random.choice(cities())
        addresses.append(_address(random, city))
        lettings.append(_letting(random, city, owners[number // HOSTED]))
        outside = random.choice(generated_words.LANDS[city.land].pictures)
        pictures.append((outside, random.choice(("living-room", "bedroom"))))
    Address.objects.bulk_create(addresses)
    for letting, address in zip(lettings, addresses, strict=True):
        letting.address_id = address.pk
    Letting.objects.bulk_create(lettings)
    Photo.objects.bulk_create(
        photo
        for letting, names in zip(lettings, pictures, strict=True)
        for photo in photos(letting.pk, names)
    )


def _address(random: Random, city: City) -> Address:
    street = (
        f"{random.choice(generated_words.STREETS)} {random.choice(generated_words.STREET_KINDS)}"
    )
    return Address(
        number=random.randint(1, 9899),
        street=street,
        city=city.name,
        state=city.state,
        zip_code=city.zip_code,
    )


def _letting(random: Random, city: City, host: Profile) -> Letting:
    land = generated_words.LANDS[city.land]
    house = random.choice(land.houses)
    bedrooms = random.choices((0, 1, 2, 3, 4, 5, 6), (4, 22, 30, 24, 12, 6, 2))[0]
    return Letting(
        title=_title(random, city, land, house),
        description=_description(random, city, land, house),
        host_id=host.pk,
        price=_price(random, land, bedrooms),
        bedrooms=bedrooms,
        sleeps=max(1, bedrooms * 2 + random.choice((0, 0, 1, 2))),
        published_at=FIRST_DAY + timedelta(minutes=random.randrange(MINUTES)),
        # Last: whatever is drawn after it would be another than before.
        bathrooms=Decimal(random.randint(2, 2 + bedrooms)) / 2,
    )


def _title(random: Random, city: City, land: generated_words.Land, house: str) -> str:
    name = random.choice(land.names)
    mood = random.choice(generated_words.MOODS)
    return random.choice(
        (f"{name} {house}", f"The {mood} {house}", f"{mood} {house} in {city.name}")
        + (f"{name} {house}, {city.name}", f"The {name} {house}")
    )


def _description(random: Random, city: City, land: generated_words.Land, house: str) -> str:
    opening = random.choice(generated_words.OPENINGS).format(house=house.lower(), city=city.name)
    inside, outside = random.choice(generated_words.INSIDE), random.choice(land.outside)
    return f"{opening} {inside}\n\n{outside} {random.choice(generated_words.CLOSINGS)}"


def _price(random: Random, land: generated_words.Land, bedrooms: int) -> Decimal:
    dollars = land.price * (0.45 + 0.3 * bedrooms) * random.lognormvariate(0, 0.3)
    return Decimal(max(35, round(dollars)))
