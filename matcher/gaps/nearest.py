"""Who stands nearest to some needs, and in which regions: whoever recruits there would recruit among neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcher.gaps.asked import AskedNeed, Near
from matcher.records import Record

SHOWN = 3


class NearProvider(Record):
    """A provider of today's directory."""

    provider_id: str
    name: str
    category: str
    country: str
    region: str
    probability: float
    """That it is one of a company's partners, on average over the needs."""
    abroad_for: int
    """For how many of the needs it is in another country."""


class NearRegion(Record):
    """A region, by the provider of it that stands nearest; a country where providers name no region."""

    region: str
    country: str
    provider: str
    """Name of that provider."""
    probability: float
    """Of the region's best provider for each need, on average over the needs; 0 where the region is at home."""
    abroad_for: int
    """For how many of the needs it is in another country."""


def nearest_providers(needs: Sequence[AskedNeed], shown: int = SHOWN) -> tuple[NearProvider, ...]:
    """The providers nearest to the needs, at home or abroad, best first.

    Args:
        needs: at least one.
        shown: how many.
    """
    found = _by(needs, lambda near, _: near.provider_id)
    rows = [
        NearProvider(
            provider_id=best.provider_id,
            name=best.name,
            category=best.category,
            country=best.country,
            region=best.region,
            probability=total / len(needs),
            abroad_for=sum(asked.need.country != best.country for asked in needs),
        )
        for total, best in found
    ]
    return tuple(sorted(rows, key=lambda row: (-row.probability, row.provider_id))[:shown])


def nearest_regions(needs: Sequence[AskedNeed], shown: int = SHOWN) -> tuple[NearRegion, ...]:
    """The regions whose providers stand nearest to needs of other countries, best first: they could recruit for them.

    Args:
        needs: at least one.
        shown: how many.
    """
    found = _by(needs, lambda near, asked: (near.region, near.country) if near.country != asked.need.country else None)
    rows = [
        NearRegion(
            region=best.region or best.country,
            country=best.country,
            provider=best.name,
            probability=total / len(needs),
            abroad_for=sum(asked.need.country != best.country for asked in needs),
        )
        for total, best in found
    ]
    return tuple(sorted(rows, key=lambda row: (-row.probability, row.region))[:shown])


def _by(needs: Sequence[AskedNeed], group_of: Callable[[Near, AskedNeed], object]) -> list[tuple[float, Near]]:
    """For each group of providers: its best provider's probability for each need, added up, and the provider that was best
    for a single need; providers without a group are passed over."""
    totals: dict[object, float] = {}
    best: dict[object, Near] = {}
    for asked in needs:
        first: dict[object, Near] = {}
        for near in sorted(asked.anywhere, key=lambda near: (-near.probability, near.provider_id)):
            if (group := group_of(near, asked)) is not None:
                first.setdefault(group, near)
        for group, near in first.items():
            totals[group] = totals.get(group, 0.0) + near.probability
            if group not in best or near.probability > best[group].probability:
                best[group] = near
    return [(totals[group], best[group]) for group in totals]
