"""Make the outlines of countries for the console's map: python scripts/make_outlines.py countries-50m.json

The file is that of the npm package `world-atlas` (TopoJSON made of Natural Earth's boundaries, which are in the public
domain): `npm pack world-atlas@2.0.2`, then `package/countries-50m.json` of what comes. The same file gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from service.console.projection import EAST, NORTH, SOUTH, WEST

OUTLINES = Path(__file__).resolve().parents[1] / "datasets" / "outlines.json"
SOURCE = "Natural Earth 4.1.0, Admin 0 boundaries 1:50m, public domain; through the npm package world-atlas 2.0.2"
CODES = {
    "040": "AT", "056": "BE", "070": "BA", "191": "HR", "203": "CZ", "208": "DK", "250": "FR", "276": "DE", "348": "HU",
    "372": "IE", "380": "IT", "438": "LI", "442": "LU", "492": "MC", "528": "NL", "578": "NO", "616": "PL", "674": "SM",
    "336": "VA", "020": "AD", "703": "SK", "705": "SI", "724": "ES", "752": "SE", "756": "CH", "826": "GB", "831": "GG",
    "832": "JE", "833": "IM", "248": "AX", "499": "ME",
}  # fmt: skip
"""ISO 3166-1 numeric → two letters, for what the frame holds."""
MARGIN = 0.5
"""Degrees that are kept beyond the frame, so that the cut edges are not drawn."""
TOLERANCE = 0.03
"""Degrees by which a simplified line may differ: less than a point of the drawing."""
SMALLEST = 0.004
"""Square degrees of an island that is kept."""
ROOM_FOR_A_LABEL = 0.35
"""Degrees between a label and the nearest border."""

LABELS = {"BE": (5.35, 50.05), "DK": (8.75, 56.15)}
"""Where the place with most room is one that many providers are in."""

Point = tuple[float, float]
Ring = list[Point]


def main(arguments: list[str]) -> int:
    """Write `datasets/outlines.json`; 2 where the file is missing or is not the one that is meant."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        topology = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        countries = outlines_of(topology)
    except (OSError, ValueError, LookupError, TypeError) as error:
        print(f"{arguments[0]} is not the file countries-50m.json of world-atlas: {error!r}", file=sys.stderr)
        return 2
    OUTLINES.write_text(written(countries), encoding="utf-8")
    print(f"{len(countries)} countries, {OUTLINES.stat().st_size:,} bytes")
    return 0


def outlines_of(topology: dict[str, Any]) -> list[dict[str, Any]]:
    """Code, label and rings of each country in the frame, in order of code.

    Raises:
        KeyError: a country in the frame whose code is not known here, or no such topology.
    """
    # Borders that two countries share are simplified once, so that no gap opens between them.
    arcs = [simplified(arc) for arc in _decoded(topology)]
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = [ring for one in _rings(geometry) if (ring := _rounded(clipped(_joined(arcs, one))))]
        rings = [ring for ring in rings if abs(area(ring)) >= SMALLEST]
        if rings:
            rings.sort(key=lambda ring: -abs(area(ring)))
            code = CODES[geometry["id"]]
            found.append({"code": code, "label": LABELS.get(code) or label_of(rings[0]), "rings": rings})
    return sorted(found, key=lambda one: str(one["code"]))


def written(countries: list[dict[str, Any]]) -> str:
    """As the file has it: a country a line."""
    head = {"source": SOURCE, "frame": [WEST - MARGIN, SOUTH - MARGIN, EAST + MARGIN, NORTH + MARGIN]}
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in countries)
    return f'{json.dumps(head)[:-1]}, "countries": [\n{lines}\n]}}\n'


def simplified(line: Ring) -> Ring:
    """Without the points that lie within `TOLERANCE` of it (Douglas and Peucker 1973). Ends are kept."""
    if len(line) < 3:
        return line
    first, last = line[0], line[-1]
    far, at = max((_distance(point, first, last), place) for place, point in enumerate(line[1:-1], 1))
    if far <= TOLERANCE:
        return [first, last]
    return simplified(line[: at + 1])[:-1] + simplified(line[at:])


def clipped(ring: Ring) -> Ring:
    """What of it lies within the frame and its margin (Sutherland and Hodgman 1974)."""
    sides = ((0, WEST - MARGIN, 1), (0, EAST + MARGIN, -1), (1, SOUTH - MARGIN, 1), (1, NORTH + MARGIN, -1))
    for axis, bound, sign in sides:
        kept: Ring = []
        for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
            if (before[axis] >= bound) != (point[axis] >= bound):
                part = (bound - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
            if sign * point[axis] >= sign * bound:
                kept.append(point)
        ring = kept
    return ring


def area(ring: Ring) -> float:
    """In square degrees; its sign tells which way round it goes."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise([*ring, ring[0]])) / 2


def label_of(ring: Ring) -> Point | None:
    """The place in it, and in the frame, that is farthest from its border; none where there is no room."""
    best, at = ROOM_FOR_A_LABEL, None
    for column in range(round((EAST - WEST) * 4) + 1):
        for row in range(round((NORTH - SOUTH) * 4) + 1):
            place = (WEST + column / 4, SOUTH + row / 4)
            from_frame = min(place[0] - WEST, EAST - place[0], place[1] - SOUTH, NORTH - place[1])
            if from_frame > best and _is_within(place, ring):
                room = min(from_frame, min(_distance(place, *side) for side in pairwise([*ring, ring[0]])))
                if room > best:
                    best, at = room, place
    return at


def _decoded(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees. TopoJSON keeps the steps between points, in whole parts of its grid."""
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for across, up in arc:
            x, y = x + across, y + up
            line.append((x * wide + left, y * high + low))
        found.append(line)
    return found


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    """Numbers of the arcs of every outer ring. Lakes and enclaves are drawn over by what lies in them."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"][0]]
    return [polygon[0] for polygon in geometry["arcs"]]


def _joined(arcs: list[Ring], numbers: list[int]) -> Ring:
    ring: Ring = []
    for number in numbers:
        # A negative number is an arc walked backwards.
        ring += (arcs[number] if number >= 0 else arcs[~number][::-1])[:-1]
    return ring


def _rounded(ring: Ring) -> Ring:
    points = [(round(x, 2), round(y, 2)) for x, y in ring]
    kept = [point for before, point in zip(points[-1:] + points[:-1], points, strict=True) if point != before]
    return kept if len(kept) >= 3 else []


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a stretch of line, in degrees of latitude."""
    shrink = cos(radians(point[1]))
    across, up = (end[0] - start[0]) * shrink, end[1] - start[1]
    x, y = (point[0] - start[0]) * shrink, point[1] - start[1]
    length = across * across + up * up
    part = 0.0 if length == 0 else min(1.0, max(0.0, (x * across + y * up) / length))
    return hypot(x - part * across, y - part * up)


def _is_within(point: Point, ring: Ring) -> bool:
    inside = False
    for (x, y), (u, v) in pairwise([*ring, ring[0]]):
        if (y > point[1]) != (v > point[1]) and point[0] < (u - x) * (point[1] - y) / (v - y) + x:
            inside = not inside
    return inside


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
