"""Colour profiles, made byte by byte: ICC.1:2001-04 (version 2.4).

https://www.color.org/icc_specs2.xalter
"""

from __future__ import annotations

import itertools
import struct

# Red, green and blue, adapted to D50:
# http://www.brucelindbloom.com/index.html?Eqn_RGB_XYZ_Matrix.html
ADOBE_RGB = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
# https://registry.color.org/rgb-registry/displayp3
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
D50 = (0.9642, 1.0, 0.8249)
GRID = 9
PRESS = 1.5  # how much darker than their share of the paper the inks of press() are


def profile(space: bytes, tags: dict[bytes, bytes], kind=b"mntr", pcs=b"XYZ ") -> bytes:
    """Return a profile of a colour space, with its tags."""
    table, bodies, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += body + b"\0" * (-len(body) % 4)
    size = at + len(bodies)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"", 0x02400000, kind, space, pcs, b"acsp")
    head = head.ljust(68, b"\0") + b"".join(map(fixed, D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + bodies


def fixed(number: float) -> bytes:
    """Return an s15Fixed16Number."""
    return struct.pack(">i", round(number * 65536))


def xyz(colour: tuple[float, ...]) -> bytes:
    """Return a tag of one colour."""
    return b"XYZ " + bytes(4) + b"".join(map(fixed, colour))


def curve(*values: int) -> bytes:
    """Return a tag of a curve: a table of 16 bits, or one number, a gamma times 256."""
    return b"curv" + bytes(4) + struct.pack(f">I{len(values)}H", len(values), *values)


def rgb(colorants: tuple[tuple[float, ...], ...], gamma: float = 2.2) -> bytes:
    """Return the profile of a display or a working space."""
    tags = {b"wtpt": xyz(D50)}
    for name, colorant in zip((b"r", b"g", b"b"), colorants, strict=True):
        tags |= {name + b"XYZ": xyz(colorant), name + b"TRC": curve(round(gamma * 256))}
    return profile(b"RGB ", tags)


def grey(*values: int) -> bytes:
    """Return the profile of a grey with that curve."""
    return profile(b"GRAY", {b"wtpt": xyz(D50), b"kTRC": curve(*values)})


def press() -> bytes:
    """Return the profile of a press, by a table of four inks to Lab; ``inks`` is its inverse."""
    shares = [n / (GRID - 1) for n in range(GRID)]
    nodes = b"".join(
        lab(*(((1 - ink) * (1 - black)) ** PRESS for ink in (cyan, magenta, yellow)))
        for cyan, magenta, yellow, black in itertools.product(shares, repeat=4)
    )
    line = struct.pack(">HH", 0, 0xFFFF)
    body = b"mft2" + bytes(4) + bytes([4, 3, GRID, 0])
    body += b"".join(fixed(float(row == column)) for row in range(3) for column in range(3))
    body += struct.pack(">HH", 2, 2) + line * 4 + nodes + line * 3
    return profile(b"CMYK", {b"wtpt": xyz(D50), b"A2B0": body}, kind=b"prtr", pcs=b"Lab ")


def inks(colour: tuple[int, int, int], black: float = 0.1) -> tuple[int, int, int, int]:
    """Return the inks, 0 to 255, by which a press shows a colour in sRGB."""
    shares = [1 - (value / 255) ** (1 / PRESS) / (1 - black) for value in colour]
    return tuple(round(255 * share) for share in (*shares, black))


def linear(value: float) -> float:
    """Return how much light a value of sRGB is, each 0 to 1: IEC 61966-2-1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encoded(light: float) -> float:
    """Return the value of sRGB that is so much light: the inverse of ``linear``."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def lab(*colour: float) -> bytes:
    """Return a colour of sRGB (0 to 1) in Lab, in 16 bits of version 2."""
    # https://www.w3.org/TR/css-color-4/#color-conversion-code
    red, green, blue = map(linear, colour)
    values = (
        0.4360747 * red + 0.3850649 * green + 0.1430804 * blue,
        0.2225045 * red + 0.7168786 * green + 0.0606169 * blue,
        0.0139322 * red + 0.0971045 * green + 0.7141733 * blue,
    )
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (value / white for value, white in zip(values, D50, strict=True))
    )
    numbers = ((116 * y - 16) * 652.8, (500 * (x - y) + 128) * 256, (200 * (y - z) + 128) * 256)
    return struct.pack(">3H", *(min(65535, max(0, round(number))) for number in numbers))
