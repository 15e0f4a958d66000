"""Where the providers of a list are: dots for the directory, lines from the company to the list's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from matcher.directory import Directory
from matcher.records import MatchList, Provider

WIDTH, HEIGHT = 420, 440
_WEST, _EAST, _SOUTH, _NORTH = -5.5, 16.0, 41.0, 58.5
"""What is drawn: the programme's five countries."""
_FLATTENED = cos(radians((_SOUTH + _NORTH) / 2))


@dataclass(frozen=True)
class Point:
    """A provider on the drawing."""

    x: float
    y: float
    rank: int
    name: str
    city: str


@dataclass(frozen=True)
class Map:
    """All that is drawn."""

    home: tuple[float, float] | None
    points: tuple[Point, ...]
    others: tuple[tuple[float, float], ...]
    missing: int
    """Providers of the list of which no place is known, or that lie beyond the drawing."""


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
    return Map(home, tuple(points), _all_places(directory), len(answer.matches) - len(points))


def directory_map(directory: Directory, found: Iterable[Provider]) -> Map:
    """Some providers among all."""
    chosen = [(one, at) for one in found if (at := _at(one)) is not None]
    points = tuple(Point(*at, 0, one.name, one.city) for one, at in chosen)
    return Map(None, points, _all_places(directory), 0)


def provider_map(directory: Directory, provider: Provider) -> Map:
    """One provider among all."""
    return directory_map(directory, [provider])


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
    if not (_WEST <= provider.longitude <= _EAST and _SOUTH <= provider.latitude <= _NORTH):
        return None
    scale = min(WIDTH / ((_EAST - _WEST) * _FLATTENED), HEIGHT / (_NORTH - _SOUTH))
    return round((provider.longitude - _WEST) * _FLATTENED * scale, 1), round((_NORTH - provider.latitude) * scale, 1)
