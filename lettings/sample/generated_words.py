"""The words and sentences of generated lettings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Land:
    """A landscape: its houses, their surroundings, the price of a night, the pictures."""

    price: int
    houses: tuple[str, ...]
    names: tuple[str, ...]
    outside: tuple[str, ...]
    pictures: tuple[str, ...]


LANDS = {
    "coast": Land(
        price=175,
        houses=("Beach House", "Cottage", "Bungalow", "Boathouse", "Saltbox", "Loft", "Cabana"),
        names=("Driftwood", "Blue Heron", "Salt & Pine", "Sandpiper", "Anchor", "Tide Pool"),
        outside=(
            "The beach is four minutes on foot, five with a cooler.",
            "From the porch you hear the sea before you see it.",
            "Bicycles, buckets and a surfboard of uncertain age are in the shed.",
            "The harbour with its oyster bar is around the corner.",
        ),
        pictures=("cottage-coast",),
    ),
    "lake": Land(
        price=140,
        houses=("Cabin", "Lake House", "Cottage", "Boathouse", "Lodge", "Camp", "Log House"),
        names=("Loon Call", "Still Water", "Birch Bark", "Two Canoes", "Otter", "Lily Pad"),
        outside=(
            "A canoe and two paddles are tied to the jetty.",
            "The water is clear, cold, and six steps from the door.",
            "In the evening the loons do the talking.",
            "There is a fire ring by the shore, with wood for a week.",
        ),
        pictures=("cabin-lake",),
    ),
    "mountain": Land(
        price=165,
        houses=("A-Frame", "Chalet", "Cabin", "Lodge", "Hut", "Treehouse", "Log House"),
        names=("High Timber", "Snowshoe", "Black Bear", "Cedar Ridge", "Cloud Nine", "Elk Run"),
        outside=(
            "The trail to the ridge starts behind the woodpile.",
            "In winter the ski bus stops at the end of the lane.",
            "You wake up above the clouds about one morning in three.",
            "Snowshoes in all sizes hang in the hall.",
        ),
        pictures=("aframe-snow", "cabin-lake"),
    ),
    "desert": Land(
        price=135,
        houses=("Adobe", "Casita", "Bungalow", "Homestead", "Hacienda", "Studio", "Ranch House"),
        names=("Ocotillo", "Red Rock", "Coyote", "Prickly Pear", "Big Sky", "Roadrunner"),
        outside=(
            "The stars are so many that guests stop counting and start whispering.",
            "The courtyard is shady until noon and warm until midnight.",
            "Red cliffs begin where the garden ends.",
            "An outdoor shower looks over nothing but sage.",
        ),
        pictures=("adobe-desert",),
    ),
    "farm": Land(
        price=110,
        houses=("Farmhouse", "Barn", "Cottage", "Granary", "Schoolhouse", "Carriage House"),
        names=("Clover", "Red Gate", "Apple Tree", "Barn Owl", "Sunday", "Buttermilk"),
        outside=(
            "The hens are discreet, and the eggs are in the price.",
            "Behind the orchard a creek is deep enough to swim in.",
            "The farm stand down the lane works on trust.",
            "The porch swing faces west, on purpose.",
        ),
        pictures=("farmhouse",),
    ),
    "city": Land(
        price=155,
        houses=("Loft", "Townhouse", "Studio", "Brownstone", "Garden Flat", "Penthouse"),
        names=("Corner Store", "Print Shop", "Green Door", "Market Street", "Skylight", "Piano"),
        outside=(
            "The best bakery of the quarter is two doors down and opens at six.",
            "A tram stops outside; the bedrooms look to the quiet yard.",
            "From the roof you see the whole skyline, and the sunset for free.",
            "Museums, music and a late noodle bar are all within a mile.",
        ),
        pictures=("townhouse", "loft-skyline"),
    ),
    "wine": Land(
        price=195,
        houses=("Stone House", "Villa", "Cottage", "Farmhouse", "Guest House", "Carriage House"),
        names=("Old Vine", "Olive Press", "Harvest Moon", "Late Summer", "Cork", "Terrace"),
        outside=(
            "The vines come up to the kitchen window.",
            "Our neighbour pours on Fridays and sends you home on foot.",
            "The long table under the pergola seats everybody.",
            "At harvest you may help; nobody minds if you only eat the grapes.",
        ),
        pictures=("vineyard",),
    ),
}

MOODS = ("Quiet", "Sunny", "Little", "Old", "Golden", "Hidden", "Painted", "Wandering") + (
    "Slow",
    "Bright",
    "Honest",
    "Second",
    "Copper",
    "Velvet",
    "Crooked",
    "Lucky",
)

OPENINGS = (
    "A {house} for people who came to {city} to do very little, and well.",
    "This {house} was our grandparents' summer place, and still smells of cedar and coffee.",
    "Light, books and a kitchen that wants to be used: a {house} close to the heart of {city}.",
    "We restored this {house} ourselves over three winters, and left its best creaks in.",
    "You will find this {house} at the end of the street, where {city} goes quiet.",
    "Small from outside and generous within, this {house} has been full of guests for ten years.",
)

INSIDE = (
    "The beds are new, the quilts are old, and the sofa is long enough for a nap.",
    "The kitchen has sharp knives, a big pot and a drawer of handwritten recipes.",
    "A wood stove heats the living room; the wood is split and dry.",
    "There is fast internet at the desk and none at all in the bath.",
    "Every bedroom has a reading lamp on both sides, as it should be.",
    "Games, records and a piano wait for a rainy day.",
)

CLOSINGS = (
    "Dogs are welcome if they bring their people.",
    "We live nearby and leave you alone unless you call.",
    "Come by train if you can; we fetch you at the station.",
    "Families with small children get the cot and the high chair for nothing.",
    "Stay a week, and the seventh night is on us.",
    "Check in when you like: the key is where the note says.",
)

STREETS = (
    ("Maple", "Oak", "Cedar", "Chestnut", "Willow", "Juniper", "Magnolia", "Sycamore")
    + ("Main", "Church", "Mill", "Spring", "Prospect", "Union", "Front", "Washington")
    + ("Lakeview", "Ridge", "Orchard", "Meadow", "Harbor", "Quarry", "Station", "Bluebird")
)
STREET_KINDS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Place")

FIRST_NAMES = (
    ("Amara", "Ben", "Clara", "Diego", "Elena", "Felix", "Grace", "Hugo", "Ines", "Jonas")
    + ("Kofi", "Lena", "Mateo", "Nadia", "Oscar", "Priya", "Quinn", "Rosa", "Sami", "Tessa")
    + ("Umar", "Vera", "Wes", "Ximena", "Yara", "Zoe", "Arlo", "Bea", "Cole", "Dara")
    + ("Emil", "Faye", "Gus", "Hana", "Ivan", "June", "Kai", "Lou", "Mae", "Nico")
)
LAST_NAMES = (
    ("Abbott", "Bauer", "Castillo", "Dawson", "Engel", "Fischer", "Garcia", "Hale", "Ito")
    + ("Jensen", "Kim", "Larsen", "Moreau", "Novak", "Okafor", "Park", "Quigley", "Reyes")
    + ("Silva", "Tran", "Underhill", "Vance", "Walsh", "Xu", "Young", "Zeller", "Archer")
    + ("Bell", "Conti", "Doyle", "Evans", "Frost", "Greene", "Hughes", "Irving", "Joshi")
    + ("Keller", "Lund", "Mills", "Nash", "Olsen", "Perry", "Rossi", "Sato", "Thorne")
    + ("Usher", "Vogel", "Weber", "Yates", "Zhang", "Ash", "Brook")
)
FAVOURITE_CITIES = (
    "Lisbon",
    "Kyoto",
    "Oaxaca",
    "Montréal",
    "Copenhagen",
    "Naples",
    "Cape Town",
    "Hanoi",
) + ("Reykjavík", "Cartagena", "Edinburgh", "Istanbul", "Ljubljana", "Marrakesh", "Porto", "")
