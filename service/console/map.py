"""Where the providers of a list are: dots for the directory, lines from the company to the list's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.directory import Directory
from matcher.records import MatchList, Provider
from service.console.outlines import Outline, outlines
from service.console.projection import HEIGHT, WIDTH, is_drawn, on_drawing


@dataclass(frozen=True)
class Point:
    """A provider on the drawing."""

    x: float
    y: float
    rank: int
    name: str
    city: str


@dataclass(frozen=True)
class Land:
    """A country on the drawing."""

    outline: Outline
    is_served: bool
    """Whether the directory has providers in it: others are drawn fainter."""


@dataclass(frozen=True)
class Map:
    """All that is drawn."""

    home: tuple[float, float] | None
    points: tuple[Point, ...]
    others: tuple[tuple[float, float], ...]
    missing: int
    """Providers of the list of which no place is known, or that lie beyond the drawing."""
    lands: tuple[Land, ...]
    width: int = WIDTH
    height: int = HEIGHT


def map_of(directory: Directory, answer: MatchList) -> Map:
    """The drawing of a list. The company stands in the middle of its region's providers, or of its country's."""
    by_id = {provider.provider_id: provider for provider in directory.providers}
    need = answer.request.need
    near = [one for one in directory.providers if one.region == need.region] if need.region else []
    home = _middle(near or [one for one in directory.providers if one.country == need.country])
    points = []
    for match in answer.matches:
        at = _at(by_id.get(match.provider_id))
        if at is not None:
            points.append(Point(*at, match.rank, match.name, match.city))
    return Map(home, tuple(points), _all_places(directory), len(answer.matches) - len(points), _lands(directory))


def directory_map(directory: Directory, found: Iterable[Provider]) -> Map:
    """Some providers among all."""
    chosen = [(one, at) for one in found if (at := _at(one)) is not None]
    points = tuple(Point(*at, 0, one.name, one.city) for one, at in chosen)
    return Map(None, points, _all_places(directory), 0, _lands(directory))


def provider_map(directory: Directory, provider: Provider) -> Map:
    """One provider among all."""
    return directory_map(directory, [provider])


def _lands(directory: Directory) -> tuple[Land, ...]:
    """Those that are served last, so that their borders lie over those of the others."""
    served = {provider.country for provider in directory.providers}
    lands = (Land(outline, outline.code in served) for outline in outlines())
    return tuple(sorted(lands, key=lambda one: one.is_served))


def _all_places(directory: Directory) -> tuple[tuple[float, float], ...]:
    return tuple(sorted({at for provider in directory.providers if (at := _at(provider)) is not None}))


def _middle(providers: Iterable[Provider]) -> tuple[float, float] | None:
    places = [at for provider in providers if (at := _at(provider)) is not None]
    if not places:
        return None
    return round(sum(x for x, _ in places) / len(places), 1), round(sum(y for _, y in places) / len(places), 1)


def _at(provider: Provider | None) -> tuple[float, float] | None:
    if provider is None or provider.latitude is None or provider.longitude is None:
        return None
    if not is_drawn(provider.longitude, provider.latitude):
        return None
    return on_drawing(provider.longitude, provider.latitude)
