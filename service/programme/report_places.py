"""Where regions lie on the map: in the middle of their providers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from matcher.records import Provider


@dataclass(frozen=True)
class Places:
    """What the map is drawn on. Latitudes and longitudes in degrees."""

    of_regions: dict[str, tuple[float, float]]
    countries: dict[str, str]
    """Region → its providers' country."""
    of_providers: tuple[tuple[float, float], ...]


def places_of(providers: Iterable[Provider]) -> Places:
    """The middle of each region: the mean of its providers' places, as far as these are known."""
    known = [
        (one, (one.latitude, one.longitude)) for one in providers if one.latitude is not None and one.longitude is not None
    ]
    of_regions: dict[str, list[tuple[float, float]]] = {}
    countries: dict[str, str] = {}
    for one, place in known:
        if one.region:
            of_regions.setdefault(one.region, []).append(place)
            countries.setdefault(one.region, one.country)
    return Places(
        of_regions={
            region: (fmean(one for one, _ in some), fmean(one for _, one in some))
            for region, some in sorted(of_regions.items())
        },
        countries=countries,
        of_providers=tuple(sorted({place for _, place in known})),
    )
