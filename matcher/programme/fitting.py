"""Whether the parts of a programme fit together: each id once, nothing named that there is not, no budget exceeded."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from embeddings.errors import Refusal, shown
from matcher.programme.money import in_euros

if TYPE_CHECKING:
    from matcher.programme.rules import Call, Incentive, Region, Scoring

Part = Literal["region", "incentive", "call", "criterion", "scoring"]


@dataclass(frozen=True)
class Misfit:
    """One thing that does not fit, and where."""

    part: Part
    number: int
    """Place of the record among its kind, from 0."""
    key: str
    refusal: Refusal
    unknown_id: str = ""
    """The id that is named though there is none such."""


def misfits(
    regions: Sequence[Region], incentives: Sequence[Incentive], calls: Sequence[Call], scoring: Scoring
) -> Iterator[Misfit]:
    """Everything that does not fit, in the order of the parts."""
    yield from _twice("region", [one.region_id for one in regions])
    yield from _twice("incentive", [one.incentive_id for one in incentives])
    yield from _twice("call", [one.call_id for one in calls])
    yield from _twice("criterion", [one.criterion_id for one in scoring.criteria])
    yield from _overlapping(regions)
    yield from _unknown(regions, incentives, calls)
    yield from _beyond_budget(regions, calls)
    if scoring.assessors and not scoring.criteria:
        wanted, remedy = f"have criteria for its {scoring.assessors} assessors", "Add criteria, or set assessors to 0."
        yield Misfit("scoring", 0, "assessors", Refusal("scoring", wanted, "none", remedy))


def _twice(part: Part, ids: Iterable[str]) -> Iterator[Misfit]:
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if one in seen:
            refusal = Refusal(f"{part} {one}", "be there once", "it twice", "Rename or remove one of them.")
            yield Misfit(part, number, f"{part}_id", refusal)
        seen.add(one)


def _overlapping(regions: Sequence[Region]) -> Iterator[Misfit]:
    places = sorted((code, number) for number, region in enumerate(regions) for code in region.catchment)
    for (code, first), (other_code, other) in itertools.pairwise(places):
        # In this order whatever overlaps stands side by side somewhere.
        if other_code.startswith(code):
            wanted = f"not overlap with region {regions[first].region_id} ({code})"
            if first == other:
                wanted = f"name each place once, and {code} is named"
            place = f"catchment of region {regions[other].region_id}"
            refusal = Refusal(place, wanted, other_code, "Give each place to one region.")
            yield Misfit("region", other, "catchment", refusal)


def _unknown(regions: Sequence[Region], incentives: Sequence[Incentive], calls: Sequence[Call]) -> Iterator[Misfit]:
    known = {
        "incentives": {one.incentive_id for one in incentives},
        "budgets": {one.region_id for one in regions},
    }
    words = {"incentives": "incentives of the programme", "budgets": "regions of the programme"}
    for number, call in enumerate(calls):
        for key, ids in (("incentives", call.incentives), ("budgets", call.budgets)):
            for one in ids:
                if one not in known[key]:
                    remedy = f"Known are: {', '.join(sorted(known[key]))}."
                    refusal = Refusal(f"{key} of call {call.call_id}", f"name {words[key]}", shown(one), remedy)
                    yield Misfit("call", number, key, refusal, unknown_id=one)


def _beyond_budget(regions: Sequence[Region], calls: Sequence[Call]) -> Iterator[Misfit]:
    for number, region in enumerate(regions):
        given = sum(call.budgets.get(region.region_id, 0) for call in calls)
        if given > region.budget:
            wanted = f"have call budgets of at most its own budget, {in_euros(region.budget)}"
            refusal = Refusal(f"region {region.region_id}", wanted, in_euros(given), "Lower them, or raise its budget.")
            yield Misfit("region", number, "budget", refusal)
