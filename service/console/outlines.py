"""Countries under the map: their outlines as one drawing that every page refers to, and where their letters stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from matcher.shipped import outlines_file
from service.console.projection import HEIGHT, WIDTH, on_drawing


@dataclass(frozen=True)
class Outline:
    """A country on the drawing."""

    code: str
    """ISO 3166, two letters."""
    path: str
    """As SVG says it."""
    label: tuple[float, float] | None
    """Where its letters have room; none for small ones."""


@cache
def outlines() -> tuple[Outline, ...]:
    """The countries of the drawing, in order of code."""
    told = json.loads(outlines_file().read_text(encoding="utf-8"))
    return tuple(
        Outline(one["code"], _path(one["rings"]), on_drawing(*one["label"]) if one["label"] else None)
        for one in told["countries"]
    )


@cache
def outlines_svg() -> bytes:
    """All of them, each under its code, without a colour: each page gives its own."""
    shapes = "".join(f'<path id="{one.code}" d="{one.path}"/>\n' for one in outlines())
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n{shapes}</svg>\n'.encode()


def _path(rings: list[list[tuple[float, float]]]) -> str:
    return "".join(f"M{'L'.join(f'{x:g} {y:g}' for x, y in (on_drawing(*point) for point in ring))}Z" for ring in rings)
