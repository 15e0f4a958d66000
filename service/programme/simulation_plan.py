"""Who gets what in the simulated history: grants shared out over calls and regions, companies, and what becomes of each pair.

The totals are those that were published of the programme. Everything below them is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matcher.programme.rules import Call, Programme
from matcher.records import NeedKind

Random = np.random.Generator
Fate = Literal["paid", "rejected", "withdrawn", "lapsed"]
"""`withdrawn`: before the decision; `lapsed`: granted, and not used in time."""
Wish = Literal["yes", "no", "cannot say"]

COLLABORATION, INSIGHT, MEET = "collaboration", "insight", "meet-and-greet"
GIVEN = ((17, 12, 28), (21, 13, 35), (22, 12, 36), (10, 7, 11))
"""Collaboration, Insight, Meet & Greet of each call: published are the sums, 70, 44 and 110, and that the last call gave 28."""
LAST_MEET_FOR_A_PARTNER = 5
"""Of the last call's Meet & Greet; with its 10 Collaboration they make the 15 published for companies that seek a partner."""
CROSS_BORDER = 230
ANSWERED: dict[Wish, int] = {"yes": 86, "no": 14, "cannot say": 7}
"""Of those that were asked; published is 86 %."""

_WITHOUT_SUCCESS: tuple[tuple[Fate, int], ...] = (("rejected", 20), ("withdrawn", 4), ("lapsed", 4))
_GOES_ON = 0.97
"""Of who met with Meet & Greet and could apply for more in a later call."""
_SEEKS_A_PARTNER = 0.62
"""Of who is given Meet & Greet in the first three calls."""
_ATTEMPTS = 200


@dataclass(frozen=True)
class PlannedApplication:
    """An application to come."""

    call: Call
    incentive_id: str
    amount: int
    """Cents asked for, and granted."""
    paid: int
    fate: Fate = "paid"


@dataclass
class PlannedPair:
    """A company and the provider on its list at a place, counted among those abroad."""

    place: int
    applications: list[PlannedApplication] = field(default_factory=list)
    accepts: bool = True
    meets: bool = True
    wish: Wish | None = None
    """What the company answers in the end; `None`: it does not answer."""


@dataclass
class PlannedCompany:
    """A company with its need."""

    number: int
    region_id: str
    country: str
    kind: NeedKind
    call: Call
    """Before or in which it asks for its list."""
    pairs: list[PlannedPair] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Says what it is."""
        return f"Simulated company {self.number:03} ({self.country})"


@dataclass(frozen=True)
class _Wanted:
    call: Call
    region_id: str
    incentive_id: str
    kind: NeedKind | None


def plan(programme: Programme, random: Random) -> list[PlannedCompany]:
    """All companies with their pairs; the totals come out exactly.

    Args:
        programme: the shipped one.
        random: the same seed gives the same plan.
    """
    companies: list[PlannedCompany] = []
    for wanted in shared_out(programme, random):
        _give(programme, companies, wanted, random)
    _without_success(programme, companies, random)
    _further_pairs(companies, random)
    _wishes(companies, random)
    return companies


def shared_out(programme: Programme, random: Random) -> list[_Wanted]:
    """Which region gives what in which call, within every budget."""
    keen = {one.region_id: float(random.uniform(0.85, 1.15)) for one in programme.regions}
    wanted: list[_Wanted] = []
    for call, counts in zip(programme.calls, GIVEN, strict=True):
        of_call = next(
            (found for _ in range(_ATTEMPTS) if (found := _share_out(programme, call, counts, keen, random)) is not None), None
        )
        assert of_call is not None, "the budgets of the shipped programme suffice"
        wanted += of_call
    return wanted


def _share_out(
    programme: Programme, call: Call, counts: tuple[int, ...], keen: dict[str, float], random: Random
) -> list[_Wanted] | None:
    left, found = dict(call.budgets), []
    kinds = _kinds(programme, call, counts)
    for incentive_id, count in zip((COLLABORATION, INSIGHT, MEET), counts, strict=True):
        amount = _amount(programme, incentive_id)
        for _ in range(count):
            open_ = [region for region, cents in left.items() if cents >= amount]
            if not open_:
                return None
            weights = {region: left[region] * keen[region] * float(random.uniform(0.8, 1.2)) for region in open_}
            region = max(open_, key=weights.__getitem__)
            left[region] -= amount
            found.append(_Wanted(call, region, incentive_id, next(kinds)))
    return found


def _kinds(programme: Programme, call: Call, counts: tuple[int, ...]) -> Iterator[NeedKind | None]:
    """Kind of need of each grant of a call; `None`: any."""
    collaborations, insights, meetings = counts
    is_last = call == programme.calls[-1]
    for number in range(collaborations + insights + meetings):
        among_meetings = number - collaborations - insights
        if among_meetings < 0:
            yield "collaboration" if number < collaborations else "expertise"
        elif not is_last:
            yield None
        else:
            yield "collaboration" if among_meetings < LAST_MEET_FOR_A_PARTNER else "expertise"


def _give(programme: Programme, companies: list[PlannedCompany], wanted: _Wanted, random: Random) -> None:
    """To a company that met somebody in an earlier call, or to a new one."""
    most = _amount(programme, wanted.incentive_id)
    amount = most if wanted.incentive_id != MEET else 100 * int(random.integers(220, 501))
    paid = amount if wanted.incentive_id != MEET else min(amount, int(amount * random.uniform(0.6, 1.05)))
    application = PlannedApplication(wanted.call, wanted.incentive_id, amount, paid)
    order = [one.call_id for one in programme.calls]
    going_on = [
        one
        for one in companies
        if wanted.incentive_id != MEET
        and (one.region_id, one.kind) == (wanted.region_id, wanted.kind)
        and [given.incentive_id for given in one.pairs[0].applications] == [MEET]
        and order.index(one.pairs[0].applications[-1].call.call_id) < order.index(wanted.call.call_id)
    ]
    if going_on and random.random() < _GOES_ON:
        going_on[int(random.integers(len(going_on)))].pairs[0].applications.append(application)
        return
    kind = wanted.kind or ("collaboration" if random.random() < _SEEKS_A_PARTNER else "expertise")
    pair = PlannedPair(place=0, applications=[application])
    _company(programme, companies, wanted.region_id, kind, wanted.call).pairs.append(pair)


def _without_success(programme: Programme, companies: list[PlannedCompany], random: Random) -> None:
    """Companies whose application was rejected, withdrawn, or whose grant lapsed."""
    taken: dict[tuple[str, str], int] = {}
    for company in companies:
        for application in company.pairs[0].applications:
            place = (company.region_id, application.call.call_id)
            taken[place] = taken.get(place, 0) + application.amount
    for fate, count in _WITHOUT_SUCCESS:
        for number in range(count):
            call = programme.calls[number % len(programme.calls)]
            regions = [one.region_id for one in programme.regions]
            region_id = regions[int(random.integers(len(regions)))]
            incentive_id = (MEET, INSIGHT, COLLABORATION)[int(random.integers(3))]
            if fate == "lapsed":
                # It is granted first, so its region must have something left.
                incentive_id = MEET
                region_id = max(regions, key=lambda one: call.budgets[one] - taken.get((one, call.call_id), 0))
            kinds: tuple[NeedKind, NeedKind] = ("expertise", "collaboration")
            kind = kinds[int(random.integers(2))]
            amount = _amount(programme, incentive_id)
            application = PlannedApplication(call, incentive_id, amount, 0, fate)
            pair = PlannedPair(place=0, applications=[application], meets=fate == "rejected")
            _company(programme, companies, region_id, kind, call).pairs.append(pair)


def _further_pairs(companies: list[PlannedCompany], random: Random) -> None:
    """Second introductions of the same lists, until there are as many cross-border matches as were published."""
    missing = CROSS_BORDER - sum(len(one.pairs) for one in companies)
    assert 0 <= missing <= len(companies), "a company is introduced to two at most"
    for place in sorted(random.permutation(len(companies))[:missing].tolist()):
        accepts = bool(random.random() < 0.2)
        meets = accepts and bool(random.random() < 0.75)
        companies[place].pairs.append(PlannedPair(place=1, accepts=accepts, meets=meets))


def _wishes(companies: list[PlannedCompany], random: Random) -> None:
    met = [pair for one in companies for pair in one.pairs if pair.meets]
    answers: list[Wish] = [wish for wish, count in ANSWERED.items() for _ in range(count)]
    assert len(answers) < len(met), "not everybody answers"
    for place, wish in zip(random.permutation(len(met)).tolist(), answers, strict=False):
        met[place].wish = wish


def _company(
    programme: Programme, companies: list[PlannedCompany], region_id: str, kind: NeedKind, call: Call
) -> PlannedCompany:
    region = programme.region(region_id)
    assert region is not None
    made = PlannedCompany(len(companies) + 1, region_id, region.country, kind, call)
    companies.append(made)
    return made


def _amount(programme: Programme, incentive_id: str) -> int:
    incentive = programme.incentive(incentive_id)
    assert incentive is not None
    return incentive.amount
