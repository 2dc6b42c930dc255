"""What the sample's people see only of themselves: a draft, saved lettings, followed hosts."""

from __future__ import annotations

from collections.abc import Mapping

from lettings.models import Letting, Saved
from profiles.models import Follow, Profile

from ..hosting import drafts

# Incomplete, as a draft may be.
DRAFTS = {
    "AirWow": {
        "title": "The Beekeeper's Caravan",
        "description": (
            "A green caravan at the far end of an orchard, with a stove, a bed for two and honey"
            " in the cupboard."
        ),
        "number": "12",
        "street": "Orchard Lane",
        "city": "Aliquippa",
        "state": "PA",
        "sleeps": "2",
    }
}
# In the order of saving; the page shows the last one first.
SAVED = {
    "DavWin": (
        "Joshua Tree Green Haus /w Hot Tub",
        "The Mushroom Dome Retreat & LAND of Paradise Suite",
        "Underground Hygge",
    ),
    "AirWow": ("Oceanview Retreat",),
}
FOLLOWS = {
    "DavWin": ("AirWow", "HeadlinesGazer"),
    "HeadlinesGazer": ("AirWow",),
    "4meRomance": ("DavWin", "AirWow"),
}


def load(people: Mapping[str, Profile]) -> None:
    """Load it for these people, keyed by name; their lettings exist already."""
    for name, words in DRAFTS.items():
        draft = drafts.new(people[name])
        data = draft.data | {"words": draft.data["words"] | words}
        drafts.keep(draft, data, draft.stamp)
    for name, titles in SAVED.items():
        for title in titles:
            Saved.objects.create(profile=people[name], letting=Letting.objects.get(title=title))
    for name, hosts in FOLLOWS.items():
        for host in hosts:
            Follow.objects.create(follower=people[name], host=people[host])
