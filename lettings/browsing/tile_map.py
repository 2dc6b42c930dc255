"""A map of the states as tiles of equal size, each roughly where the state is.

We know a letting's city and state, not its coordinates, so a pin on a real map would be made up.
``python -m lettings.browsing.tile_map`` draws static/lettings/tiles.svg, the background.
"""

from __future__ import annotations

from dataclasses import dataclass

LAYOUT = """
AK . . . . . . . . . ME
. . . . . WI . . . VT NH
WA ID MT ND MN IL MI . NY MA .
OR NV WY SD IA IN OH PA NJ CT RI
CA UT CO NE MO KY WV VA MD DE .
. AZ NM KS AR TN NC SC DC . .
. . . OK LA MS AL GA . . .
HI . . TX . . . . FL . .
"""


@dataclass(frozen=True)
class Tile:
    """The position of a state's tile: column and row, from 1."""

    state: str
    column: int
    row: int


TILES = {
    state: Tile(state, column, row)
    for row, line in enumerate(LAYOUT.split("\n")[1:-1], start=1)
    for column, state in enumerate(line.split(), start=1)
    if state != "."
}


def drawing() -> str:
    """Return all tiles as SVG, to be used as a mask: faint squares, stronger letters."""
    squares = "".join(
        f"M{tile.column * 40 - 38} {tile.row * 40 - 38}h36v36h-36z" for tile in TILES.values()
    )
    letters = "".join(
        f'<text x="{tile.column * 40 - 20}" y="{tile.row * 40 - 15}">{tile.state}</text>'
        for tile in TILES.values()
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 320">'
        f'<path d="{squares}" opacity=".17"/>'
        '<g font-family="system-ui,sans-serif" font-size="13" text-anchor="middle" opacity=".8">'
        f"{letters}</g></svg>\n"
    )


if __name__ == "__main__":
    from pathlib import Path

    (Path(__file__).parent / "static/lettings/tiles.svg").write_text(drawing())
