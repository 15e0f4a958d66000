"""What `crossmatch workshop insight` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from matcher.workshop.insight import Alternate, RulePrice, alternates, prices_of_rules, rather_each_other
from service.workshop.programme import Programme

_MOST_SHOWN = 10


def told(programme: Programme, *, seconds: float, count: int) -> Iterator[str | Table]:
    """Alternates, stability and prices of rules, one after the other, as each is ready.

    Args:
        programme: of the planned event.
        seconds: for each rule.
        count: alternates for each side of a meeting.

    Raises:
        Refusal: rules that cannot all hold.
    """
    event, plan, matrix = programme.event, programme.plan, programme.planned.matrix
    yield "Who could step in, being free then:"
    table = _table("Time", "Company", "instead of it", "Meets", "instead of it")
    for one in alternates(event, matrix, plan, count=count):
        meeting = one.meeting
        table.add_row(
            programme.when(programme.slots[meeting.slot_id]),
            Text(_named(programme, meeting.company_id)),
            _stand_in(programme, one.for_provider),
            Text(_named(programme, meeting.provider_id)),
            _stand_in(programme, one.for_company),
        )
    yield table
    rather = rather_each_other(event, matrix, plan)
    would = "pair would rather have each other" if len(rather) == 1 else "pairs would rather have each other"
    yield f"{len(rather)} {would} than one of their meetings" + (":" if rather else ".")
    for two in rather[:_MOST_SHOWN]:
        yield f"  {_named(programme, two.company_id)} and {_named(programme, two.provider_id)} (+{two.gain:.2f})"
    yield ""
    yield "What each rule costs (the plan with the rule relaxed, less the plan with it):"
    prices = _table("Rule relaxed", "Meetings", "Across", "Useful", "Value", "Give or take", "Worst-served")
    notes = []
    for price in prices_of_rules(event, matrix, plan, seconds=seconds):
        prices.add_row(price.rule, *_figures(price))
        notes += [f"  {price.rule}: {price.note}"] if price.note else []
    yield prices
    yield from notes


def _figures(price: RulePrice) -> tuple[str, ...]:
    if price.note:
        return ("?",) * 6
    value, worst = (_signed(number) for number in (price.value, price.worst_served))
    within = "?" if price.uncertain is None else f"{price.uncertain:.2f}"
    return f"{price.meetings:+d}", f"{price.cross_border:+d}", _signed(price.useful), value, within, worst


def _signed(number: float | None) -> str:
    # A difference that rounds to nothing has no sign.
    return "?" if number is None else f"{round(number, 2) + 0.0:+.2f}"


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _named(programme: Programme, participant_id: str) -> str:
    return f"{programme.participants[participant_id].name} [{participant_id}]"


def _stand_in(programme: Programme, found: Sequence[Alternate]) -> Text:
    return Text("; ".join(f"{_named(programme, one.participant_id)} {one.probability:.0%}" for one in found) or "nobody")
