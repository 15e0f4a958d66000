"""`crossmatch programme eligible|apply|applications|application`: from a match to an application on record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.errors import RequestRefused
from service.cli.console import cell, out
from service.cli.problem_list import every_problem_told
from service.cli.programme.given_files import applicant_of
from service.cli.programme.opening import open_book

if TYPE_CHECKING:
    from matcher.programme.application import ApplicationStep, NewApplication
    from service.api.programme_bodies import Checked

_Match = Annotated[int, typer.Argument(help="The match's id, as log export shows it.")]
_Call = Annotated[str, typer.Option(help="Id of the call.")]
_Incentive = Annotated[str, typer.Option(help="Id of the kind of incentive.")]
_Amount = Annotated[str, typer.Option(help="Euros asked for: 7000 or 499.50.")]
_ApplicantFile = Annotated[
    Path, typer.Option("--applicant", help="What the company tells of itself (TOML or JSON); - is standard input.")
]
_Region = Annotated[str | None, typer.Option(help="Id of the region that serves the company; the need's if left out.")]
_Json = Annotated[bool, typer.Option("--json", help="JSON as the service gives it, sums in cents.")]


def eligible(
    match_id: _Match,
    call: _Call,
    incentive: _Incentive,
    amount: _Amount,
    applicant: _ApplicantFile,
    region: _Region = None,
    as_json: _Json = False,
) -> None:
    """What each rule says of an application, and why. Nothing is recorded, and the exit code is 0 whatever the verdict."""
    from service.api.programme_bodies import Checked
    from service.cli.programme.telling import findings_table, say_if_made_up

    book = open_book()
    new = _asked_for(match_id, call, incentive, region, amount, applicant)
    found = Checked.by(lambda: book.check(new))
    if as_json:
        typer.echo(found.model_dump_json())
        return
    console = out()
    if found.findings:
        console.print(findings_table(found.findings))
    console.print(_verdict(found), markup=False, soft_wrap=True)
    say_if_made_up(console, book.in_force().programme)


def apply(
    match_id: _Match,
    call: _Call,
    incentive: _Incentive,
    amount: _Amount,
    applicant: _ApplicantFile,
    region: _Region = None,
    by: Annotated[str, typer.Option(help="Who hands it in, for the record.")] = "command line",
) -> None:
    """Put an application on record. What can still change (budget, acceptance, de minimis) is looked at again at the grant."""
    from matcher.programme.eligibility import failed
    from matcher.programme.money import in_euros
    from service.cli.programme.options import signature

    new = _asked_for(match_id, call, incentive, region, amount, applicant)
    made = open_book().submit(new, signature(by)).application
    console, two = out(), f"{made.company} with {made.provider} ({made.company_country}→{made.provider_country})"
    asks = f"{in_euros(made.requested)} of {made.incentive_id} in call {made.call_id}, region {made.region_id}"
    console.print(cell(f"Application {made.application_id} on record: {two} asks for {asks}."), soft_wrap=True)
    for one in failed(made.findings):
        console.print(cell(f"  not yet: {one.rule}. {one.why}"), soft_wrap=True)


def applications(
    call: Annotated[str | None, typer.Option(help="Only in this call (id).")] = None,
    region: Annotated[str | None, typer.Option(help="Only of this region (id).")] = None,
    state: Annotated[str | None, typer.Option(help="Only those that stand so: submitted, granted, signed …")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one application a line, sums in cents.")] = False,
) -> None:
    """Applications in order of recording."""
    from matcher.programme.book import ApplicationQuery
    from matcher.programme.money import in_euros
    from matcher.validation import checked
    from service.api.programme_bodies import ApplicationSummary
    from service.cli.programme.options import check_region
    from service.cli.programme.telling import on_its_clock, table_of

    book = open_book()
    programme = book.in_force().programme
    check_region(programme, region)
    query = checked(ApplicationQuery, {"call_id": call, "region_id": region, "state": state}, "applications")
    found = map(ApplicationSummary.of, book.applications(query))
    if as_json:
        for one in found:
            typer.echo(one.model_dump_json())
        return
    columns = ("No.", "Handed in", "Company", "Provider", "Incentive", "Call", "Region", "Asks EUR", "State")
    table = table_of(*columns, sums=("No.", "Asks EUR"), whole=("Handed in", "State"))
    for one in found:
        way = cell(f"{one.provider} ({one.provider_country})")
        who = (cell(f"{one.company} ({one.company_country})"), way)
        asks = in_euros(one.requested).removesuffix(" EUR")
        when = on_its_clock(one.submitted_at, programme)
        table.add_row(str(one.application_id), when, *who, one.incentive_id, one.call_id, one.region_id, asks, one.state)
    out().print(table)
    out().print(f"Times in {programme.time_zone}.", markup=False)


def application(
    application_id: Annotated[int, typer.Argument(help="The application's number.")],
    as_json: _Json = False,
) -> None:
    """An application with what each rule said, its steps, and which may come next."""
    from matcher.programme.application import MAY_FOLLOW
    from matcher.programme.money import in_euros
    from service.api.programme_bodies import ApplicationInFull
    from service.cli.programme.telling import findings_table, on_its_clock, say_if_made_up, table_of

    book = open_book()
    history = book.application(application_id)
    if as_json:
        typer.echo(ApplicationInFull.told(history).model_dump_json())
        return
    programme, one, console = book.in_force().programme, history.application, out()
    two = f"{one.company} with {one.provider} ({one.company_country}→{one.provider_country})"
    console.print(cell(f"Application {one.application_id}, {two}: {history.state}"), soft_wrap=True)
    asks = (
        f"{in_euros(one.requested)} of {one.incentive_id} in call {one.call_id}, region {one.region_id}, match {one.match_id}"
    )
    console.print(cell(f"Asks for {asks}"), soft_wrap=True)
    console.print(findings_table(one.findings))
    table = table_of("Step", "Day", "What", "By", f"Recorded ({programme.time_zone})", "Rules", whole=("Step", "Day", "Rules"))
    handed_in = on_its_clock(one.submitted_at, programme)
    table.add_row("", handed_in[:10], "handed in", cell(one.submitted_by), handed_in, one.programme)
    for step in history.steps:
        recorded = on_its_clock(step.recorded_at, programme)
        day = recorded[:10] if step.happened_on is None else f"{step.happened_on}"
        table.add_row(str(step.step_id), day, cell(_in_words(step)), cell(step.recorded_by), recorded, step.programme)
    console.print(table)
    money = f"Granted {in_euros(history.granted)}, reserved now {in_euros(history.reserved)}, paid {in_euros(history.paid)}."
    console.print(money, markup=False)
    console.print(f"May come next: {', '.join(MAY_FOLLOW[history.state]) or 'nothing'}", markup=False)
    say_if_made_up(console, programme)


def _asked_for(match_id: int, call: str, incentive: str, region: str | None, amount: str, applicant: Path) -> NewApplication:
    from matcher.programme.application import NewApplication
    from matcher.validation import checked
    from service.cli.log.opening import open_record
    from service.cli.programme.options import cents

    requested = cents(amount)
    with every_problem_told("Nothing was recorded."):
        told = applicant_of(applicant)
    if region is None:
        region = open_record().history(match_id).match.need_region
        if not region:
            remedy = "Give the id of the region that serves the company."
            raise RequestRefused("option --region", "be given where the need names no region", "none", remedy)
    values = {"match_id": match_id, "call_id": call, "incentive_id": incentive, "region_id": region, "requested": requested}
    return checked(NewApplication, {**values, "applicant": told}, "application")


def _verdict(found: Checked) -> str:
    broken = [one.rule for one in found.findings if not one.passed]
    if found.eligible:
        return f"Eligible: all {len(found.findings)} rules pass."
    if found.rule:
        return f"Not eligible, by the rule '{found.rule}': {found.why}"
    if found.may_be_handed_in:
        return f"Not eligible yet: fails {', '.join(broken)}. It may be handed in, because that can still change."
    return f"Not eligible: fails {', '.join(broken)}. It cannot be handed in."


def _in_words(step: ApplicationStep) -> str:
    from matcher.programme.money import in_euros

    told = [in_euros(step.amount)] if step.amount is not None else []
    if step.scores:
        told = [f"{step.assessor}: {', '.join(f'{name} {points}' for name, points in step.scores.items())}"]
    told += [step.reason] if step.reason else []
    return ": ".join([step.kind, *told])
