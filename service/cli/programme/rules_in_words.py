"""Rules of a programme as they are told: in a few lines, or table by table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from matcher.programme.money import in_euros
from matcher.programme.rules import Eligibility, Programme
from service.cli.console import cell
from service.cli.programme.telling import on_its_clock, table_of


def in_short(programme: Programme) -> Iterator[str]:
    """A line for each part of the rules."""
    yield f"{programme.name} ({programme.programme_id}), times in {programme.time_zone}"
    budget = in_euros(sum(one.budget for one in programme.regions))
    yield f"{_count(len(programme.regions), 'region')} with {budget} together"
    for one in programme.incentives:
        yield f"incentive {one.incentive_id}: {one.name}, {one.form} {in_euros(one.amount)}"
    for call in programme.calls:
        opens, closes = (on_its_clock(moment, programme) for moment in (call.opens, call.closes))
        gives = in_euros(sum(call.budgets.values()))
        yield f"call {call.call_id}: {opens} to {closes}, {', '.join(call.incentives)}, {gives} in all regions"
    scoring = programme.scoring
    criteria = ", ".join(f"{one.criterion_id} (0 to {one.most}, weight {one.weight})" for one in scoring.criteria) or "none"
    yield f"scoring: {_count(scoring.assessors, 'assessor')}, pass mark {scoring.pass_mark} %; criteria: {criteria}"
    yield f"eligibility: {'; '.join(_asked(programme.eligibility))}"
    days = programme.deadlines
    remind = ", ".join(map(str, days.remind)) or "never"
    steps = f"decide {days.decide} (after the call closes), sign {days.sign}, report {days.report}, pay {days.pay}"
    yield f"days for each step: {steps}; reminders before: {remind}"


def print_rules(console: Console, programme: Programme) -> None:
    """The rules in full: what `in_short` tells, and each region with its partner and what it may give in each call."""
    for line in in_short(programme):
        console.print(line, markup=False, soft_wrap=True)
    calls = [one.call_id for one in programme.calls]
    table = table_of("Region", "Name", "Partner", "NUTS", "Budget", *calls, sums=("Budget", *calls), whole=("Region",))
    for region in programme.regions:
        gives = [_plain(call.budgets.get(region.region_id, 0)) for call in programme.calls]
        about = (cell(region.name), cell(region.partner), " ".join(region.catchment))
        table.add_row(region.region_id, *about, _plain(region.budget), *gives)
    console.print(table)
    console.print("Sums in EUR.")


def _asked(rules: Eligibility) -> Iterator[str]:
    told = {
        "provider in another country": rules.other_country,
        "provider in another region": rules.other_region,
        "match accepted by both": rules.accepted,
        "company small or medium-sized": rules.sme,
        "provider in the directory in time": rules.in_directory,
    }
    yield from (name for name, is_asked in told.items() if is_asked)
    if rules.one_grant:
        yield f"one grant for each company and {' and each company and '.join(rules.one_grant)}"
    if rules.de_minimis is not None:
        yield f"de minimis aid of at most {in_euros(rules.de_minimis)} in {rules.de_minimis_years} years"


def _plain(cents: int) -> str:
    return in_euros(cents).removesuffix(" EUR")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
