"""The drawing of the imports between our modules, which bin/docs puts on the architecture page."""

from __future__ import annotations

from xml.sax.saxutils import escape

import grimp

from tools.svg import page

SITE = "oc_lettings_site"
# From the roof to the ground, so that every arrow goes to the right.
PACKAGES = (
    SITE,
    "dashboard",
    "accounts",
    "enquiries",
    "lettings",
    "profiles",
    "ratelimits",
    "background",
    "core",
)
LEFT_OUT = (".tests", ".migrations", ".management", ".sample")

BOX_WIDTH, LINE, GAP, PAD = 200, 22, 120, 16
STYLE = ".up { stroke: light-dark(#c8792b, #e0a060); stroke-dasharray: 4 3 }"


def modules_and_imports() -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Return each package's modules, and the pairs (importer, imported) that cross packages."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    kept = sorted(
        name
        for name in graph.modules
        if not any(part in name for part in LEFT_OUT) and name not in PACKAGES
    )
    inside = {package: [m for m in kept if m.startswith(package + ".")] for package in PACKAGES}
    crossing = [
        (importer, imported)
        for importer in kept
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if imported in kept and importer.split(".")[0] != imported.split(".")[0]
    ]
    return inside, crossing


def draw(inside: dict[str, list[str]], crossing: list[tuple[str, str]]) -> str:
    """Return the SVG: a box for a package, a line for a module, a curve for an import."""
    place, parts = {}, []
    for column, (package, modules) in enumerate(inside.items()):
        x = PAD + column * (BOX_WIDTH + GAP)
        height = (len(modules) + 1) * LINE + 2 * PAD
        parts.append(
            f'<rect x="{x}" y="{PAD}" width="{BOX_WIDTH}" height="{height}" rx="10"/>'
            f'<text class="name" x="{x + PAD}" y="{PAD + LINE}">{package}</text>'
        )
        for row, module in enumerate(modules, start=2):
            y = PAD + row * LINE
            place[module] = (x, y - 5)
            parts.append(f'<text x="{x + PAD}" y="{y}">{escape(module.partition(".")[2])}</text>')
    parts += [
        curve(place[importer], place[imported], mounts=importer.startswith(SITE))
        for importer, imported in crossing
    ]
    width = 2 * PAD + len(inside) * BOX_WIDTH + (len(inside) - 1) * GAP
    height = (max(map(len, inside.values())) + 1) * LINE + 4 * PAD
    return page(width, height, "Imports between the apps", STYLE, parts)


def curve(start: tuple[int, int], end: tuple[int, int], *, mounts: bool) -> str:
    """Return the path from importer to imported; dashed where the site mounts an app."""
    (x1, y1), (x2, y2) = start, end
    rightwards = x2 > x1
    x1, x2 = (x1 + BOX_WIDTH, x2) if rightwards else (x1, x2 + BOX_WIDTH)
    bend = GAP / 2 if rightwards else -GAP / 2
    kind = ' class="up"' if mounts else ""
    return (
        f'<path{kind} marker-end="url(#tip)" '
        f'd="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    )


def drawing() -> str:
    """Return the drawing of today's imports, as SVG."""
    return draw(*modules_and_imports())
