"""The content of the original site's six lettings and four profiles, with prices and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Person:
    """A profile and the user behind it."""

    username: str
    first_name: str
    last_name: str
    favorite_city: str
    joined: datetime


@dataclass(frozen=True)
class Place:
    """A letting with its address (number, street, city, state, zip), host and pictures."""

    title: str
    address: tuple[int, str, str, str, str]
    host: str
    price: int
    sizes: dict[str, float]
    published: datetime
    pictures: tuple[str, ...]
    description: str


PEOPLE = (
    Person("HeadlinesGazer", "Jamie", "Lal", "Buenos Aires", datetime(2020, 6, 14, 9, tzinfo=UTC)),
    Person("DavWin", "Cassandra", "Grahm", "Barcelona", datetime(2020, 6, 21, 9, tzinfo=UTC)),
    Person("AirWow", "Ada", "Paul", "Budapest", datetime(2020, 7, 5, 9, tzinfo=UTC)),
    Person("4meRomance", "John", "Rodriguez", "Berlin", datetime(2020, 8, 2, 9, tzinfo=UTC)),
)

PLACES = (
    Place(
        title="Joshua Tree Green Haus /w Hot Tub",
        address=(7217, "Bedford Street", "Brunswick", "GA", "31525"),
        host="HeadlinesGazer",
        price=185,
        sizes={"bedrooms": 2, "bathrooms": 1.5, "sleeps": 4},
        published=datetime(2024, 3, 1, 9, tzinfo=UTC),
        pictures=("green-haus-exterior", "green-haus-hot-tub", "green-haus-living-room"),
        description=(
            "A small house the colour of a ripe avocado, with a porch for the long evenings and"
            " a cedar hot tub under two old Joshua trees. It is quiet enough to hear the kettle"
            " from the garden.\n\n"
            "Inside there is one bright room to cook, eat and read in, and two bedrooms that"
            " catch the first sun. The tub is filled fresh before you arrive and takes an hour"
            " to heat; towels, robes and a lantern hang by the back door.\n\n"
            "Bring a star map. On a clear night you will not need a torch."
        ),
    ),
    Place(
        title="Oceanview Retreat",
        address=(4, "Military Street", "Willoughby", "OH", "44094"),
        host="DavWin",
        price=260,
        sizes={"bedrooms": 3, "bathrooms": 2, "sleeps": 6},
        published=datetime(2024, 3, 2, 9, tzinfo=UTC),
        pictures=("oceanview-exterior", "oceanview-window", "oceanview-lighthouse"),
        description=(
            "White walls, wide windows and nothing between you and the horizon. The house stands"
            " on the cliff a little apart from the others; a stair of ninety steps leads down to"
            " a beach that is yours before breakfast.\n\n"
            "Three bedrooms, each with a view of the water, a long table for six, and a reading"
            " corner by the glass where nobody has yet finished a chapter. The lighthouse across"
            " the bay keeps you company after dark.\n\n"
            "There are beach chairs in the shed and a drawer full of kites."
        ),
    ),
    Place(
        title="'Silo Studio' Cottage",
        address=(340, "Wintergreen Avenue", "Newport News", "VA", "23601"),
        host="AirWow",
        price=120,
        sizes={"bedrooms": 1, "bathrooms": 1, "sleeps": 2},
        published=datetime(2024, 3, 3, 9, tzinfo=UTC),
        pictures=("silo-exterior", "silo-loft", "silo-fields"),
        description=(
            "For sixty harvests this silo held grain; now it holds two people and a great many"
            " books. A stair winds up the round wall from the kitchen to the loft, where the bed"
            " lies under a roof window the size of a cartwheel.\n\n"
            "The cottage beside it has the bathroom, a wood stove and a porch that looks over"
            " the fields. Eggs come from across the lane and are on the sill by eight.\n\n"
            "Best for a couple, or for one person with a deadline."
        ),
    ),
    Place(
        title="Pirates of the Caribbean Getaway",
        address=(9230, "E. Joy Ridge Street", "Marquette", "MI", "49855"),
        host="4meRomance",
        price=210,
        sizes={"bedrooms": 3, "bathrooms": 2.5, "sleeps": 8},
        published=datetime(2024, 3, 4, 9, tzinfo=UTC),
        pictures=("pirates-exterior", "pirates-cabin", "pirates-cove"),
        description=(
            "The Caribbean is a long way from Lake Superior, but nobody has told the parrot on"
            " the sign. The house is a captain's cabin from keel to crow's nest: bunks behind"
            " canvas, a table made from a hatch, a ship's wheel that really rings the dinner"
            " bell.\n\n"
            "Eight can sleep aboard: four in the bunk room, two in the captain's quarters, two"
            " in hammocks. A treasure map waits in the hall, with a different X for every crew"
            " (tell us if there are children, and how well they dig).\n\n"
            "The rowing boat at the jetty is called Revenge and leaks only a little."
        ),
    ),
    Place(
        title="The Mushroom Dome Retreat & LAND of Paradise Suite",
        address=(9606, "Harvard Street", "Aliquippa", "PA", "15001"),
        host="AirWow",
        price=145,
        sizes={"bedrooms": 1, "bathrooms": 1, "sleeps": 3},
        published=datetime(2024, 3, 5, 9, tzinfo=UTC),
        pictures=("mushroom-dome-exterior", "mushroom-dome-inside", "mushroom-dome-woods"),
        description=(
            "A round house with a red cap, at the end of a path you would take for a deer"
            " track. Under the dome there is one warm room; above it, up a ladder, a bed beneath"
            " a window full of leaves.\n\n"
            "The Land of Paradise is what our daughter named the clearing behind it: a hammock,"
            " a fire ring, an outdoor bath and, after rain, more mushrooms than we can name."
            " Please admire and don't eat them.\n\n"
            "The third guest sleeps on the window seat, and usually claims the best night."
        ),
    ),
    Place(
        title="Underground Hygge",
        address=(588, "Argyle Avenue", "East Meadow", "NY", "11554"),
        host="HeadlinesGazer",
        price=160,
        sizes={"bedrooms": 1, "bathrooms": 1, "sleeps": 2},
        published=datetime(2024, 3, 6, 9, tzinfo=UTC),
        pictures=("hygge-exterior", "hygge-fireside", "hygge-meadow"),
        description=(
            "A round door in a green hill, and behind it a house that stays at the same"
            " temperature as a good cellar until you light the fire. Then it is the warmest"
            " place for miles.\n\n"
            "The walls are curved and limewashed, the shelves are full, the bed is built into an"
            " alcove with a curtain to draw. There is a kettle on the stove, candles in every"
            " niche, wool blankets by the dozen, and no television.\n\n"
            "Mind your head at the door. Everyone forgets once."
        ),
    ),
)

# The alternative text of each drawn picture.
ALT = {
    "green-haus-exterior": (
        "A low green house with a lit porch between two Joshua trees, desert hills at sunset"
    ),
    "green-haus-hot-tub": "A steaming cedar hot tub under a Joshua tree and a sky full of stars",
    "green-haus-living-room": (
        "A bright living room with a green sofa, a cactus and a wide window on the desert"
    ),
    "oceanview-exterior": "A white house with wide windows on a cliff above a calm blue sea",
    "oceanview-window": "An armchair and an open book by a window that shows nothing but ocean",
    "oceanview-lighthouse": "A lighthouse on a headland at dusk, its beam across the bay",
    "silo-exterior": "A round silo with a pointed roof joined to a small cottage in golden fields",
    "silo-loft": "A bed in a round loft under a large roof window with a view of clouds",
    "silo-fields": "Rows of wheat run to a red barn and low hills in the morning",
    "pirates-exterior": (
        "A crooked house built like a ship's stern, with lanterns and a black flag, by a lake"
    ),
    "pirates-cabin": "A ship's wheel, a treasure map and a row of bunks in a wooden cabin",
    "pirates-cove": "A tall ship with dark red sails on a lake under a full moon",
    "mushroom-dome-exterior": (
        "A round house with a red, white-spotted dome among tall trees, its windows lit"
    ),
    "mushroom-dome-inside": "A bed beneath a domed window full of leaves, with lanterns beside it",
    "mushroom-dome-woods": "Sunbeams fall through a forest on a hammock and a ring of mushrooms",
    "hygge-exterior": "A round red door and two round windows in a green hill, smoke rising",
    "hygge-fireside": (
        "A fire in a curved white room, with an armchair, books and candles in the niches"
    ),
    "hygge-meadow": "A path of stones through a flower meadow towards round hills at dawn",
    "cabin-lake": "A log cabin and a jetty on a still lake, mountains mirrored in the water",
    "cottage-coast": "A blue cottage behind dunes and beach grass, sailing boats beyond",
    "aframe-snow": "A lit A-frame house among snowy fir trees below white mountains",
    "adobe-desert": "A flat-roofed adobe house, tall cactuses and red rocks in evening light",
    "farmhouse": "A white farmhouse with a veranda and a windmill among green fields",
    "townhouse": "A row of brick townhouses with stoops and street trees",
    "loft-skyline": "A roof terrace with string lights before a city skyline at dusk",
    "vineyard": "A stone house above rows of vines in late summer",
    "living-room": "A calm living room with a sofa, a floor lamp and plants by the window",
    "bedroom": "A bedroom with a linen bed, a bedside lamp and morning light",
}
