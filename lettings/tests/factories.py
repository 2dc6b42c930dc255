"""Create lettings for tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lettings.models import Address, Letting

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLACES = (("Brunswick", "GA"), ("Willoughby", "OH"), ("New York", "NY"))


def make_letting(title, description="", city="Brunswick", state="GA", **fields):
    """Return a new published letting."""
    address = Address.objects.create(
        number=7217, street="Bedford Street", city=city, state=state, zip_code="31525"
    )
    return Letting.objects.create(
        **{"published_at": NOON, **fields}, title=title, description=description, address=address
    )


def make_lettings(number):
    """Create published lettings with prices, sizes and moments that repeat or are missing."""
    addresses = Address.objects.bulk_create(
        Address(
            number=n + 1,
            street="Bedford Street",
            city=PLACES[n % 3][0],
            state=PLACES[n % 3][1],
            zip_code="31525",
        )
        for n in range(number)
    )
    return Letting.objects.bulk_create(
        Letting(
            title=f"Haus {n}",
            description="A house in the woods",
            address=address,
            price=(None, Decimal("80.10"), Decimal("120"))[n % 3],
            sleeps=(None, 2, 4, 6)[n % 4],
            bedrooms=n % 3,
            published_at=NOON + timedelta(days=n // 2),
        )
        for n, address in enumerate(addresses)
    )
