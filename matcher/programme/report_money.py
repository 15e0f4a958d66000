"""How much of the budgets is used, for the programme's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from matcher.programme.application import GRANTED, ApplicationHistory
from matcher.programme.ledger import Account
from matcher.programme.report_records import Absorbed, AbsorptionFigures, AccountAbsorbed
from matcher.programme.rules import Programme


def absorption(programme: Programme, accounts: Sequence[Account], histories: Iterable[ApplicationHistory]) -> AbsorptionFigures:
    """Granted, reserved, paid and left of each account, region and call.

    Args:
        programme: with the budgets of regions.
        accounts: of whichever regions the report is about.
        histories: their applications.
    """
    granted: Counter[tuple[str, str]] = Counter()
    for one in histories:
        if one.state in GRANTED:
            granted[one.application.region_id, one.application.call_id] += one.granted

    def sum_of(some: Sequence[Account], budget: int | None = None) -> Absorbed:
        in_calls = sum(one.budget for one in some)
        return _absorbed(
            max(in_calls, budget or 0),
            sum(granted[one.region_id, one.call_id] for one in some),
            sum(one.reserved for one in some),
            sum(one.paid for one in some),
        )

    by_region: dict[str, Absorbed] = {}
    for region_id in dict.fromkeys(one.region_id for one in accounts):
        region = programme.region(region_id)
        own = [one for one in accounts if one.region_id == region_id]
        by_region[region_id] = sum_of(own, None if region is None else region.budget)
    total = (
        Absorbed()
        if not by_region
        else _absorbed(
            sum(one.budget for one in by_region.values()),
            sum(one.granted for one in by_region.values()),
            sum(one.reserved for one in by_region.values()),
            sum(one.paid for one in by_region.values()),
        )
    )
    calls = dict.fromkeys(one.call_id for one in accounts)
    return AbsorptionFigures(
        total=total,
        by_region=by_region,
        by_call={call_id: sum_of([one for one in accounts if one.call_id == call_id]) for call_id in calls},
        by_account=tuple(
            AccountAbsorbed(**sum_of([one]).model_dump(), region_id=one.region_id, call_id=one.call_id) for one in accounts
        ),
    )


def _absorbed(budget: int, granted: int, reserved: int, paid: int) -> Absorbed:
    return Absorbed(
        budget=budget,
        granted=granted,
        reserved=reserved,
        paid=paid,
        left=budget - reserved - paid,
        used_share=(reserved + paid) / budget if budget else None,
        paid_share=paid / budget if budget else None,
    )
