"""`crossmatch programme assess|ranking|grant|reject|sign|reported|pay|withdraw|lapse`: what becomes of an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.console import cell, out
from service.cli.programme.opening import open_book

if TYPE_CHECKING:
    from matcher.programme.scoring import Ranked

_ApplicationId = Annotated[int, typer.Argument(help="The application's number.")]
_By = Annotated[str, typer.Option(help="Who records it.")]
_On = Annotated[str | None, typer.Option(help="The day it happened, as 2026-01-31; today if left out.")]
_Why = Annotated[str | None, typer.Option(help="Why, in a sentence.")]
_Amount = Annotated[str, typer.Option(help="Euros: 7000 or 499.50.")]


def assess(
    application_id: _ApplicationId,
    assessor: Annotated[str, typer.Option(help="A role or a code, not a person's name: assessor 1.")],
    score: Annotated[list[str], typer.Option(help="A criterion and its points, as fit=4; once for each criterion.")],
    on: _On = None,
    by: _By = "command line",
) -> None:
    """Put on record what an assessor gave. Who scores again replaces what was given before; both stay on record."""
    from service.cli.programme.options import points

    _record(application_id, "assessed", by, on, assessor=assessor, scores=points(score))


def grant(application_id: _ApplicationId, amount: _Amount, on: _On = None, by: _By = "command line") -> None:
    """Grant an incentive: every rule is looked at once more, and the money is reserved."""
    _record(application_id, "granted", by, on, amount=amount)


def reject(
    application_id: _ApplicationId,
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    on: _On = None,
    by: _By = "command line",
) -> None:
    """Turn an application down."""
    _record(application_id, "rejected", by, on, reason=reason)


def pay(application_id: _ApplicationId, amount: _Amount, on: _On = None, reason: _Why = None, by: _By = "command line") -> None:
    """Pay an incentive, once its work is reported. What was granted beyond it is released."""
    _record(application_id, "paid", by, on, amount=amount, reason=reason)


def _plain(kind: str, told: str) -> Callable[..., None]:
    def command(application_id: _ApplicationId, on: _On = None, reason: _Why = None, by: _By = "command line") -> None:
        _record(application_id, kind, by, on, reason=reason)

    command.__doc__ = told
    return command


PLAIN_STEPS = {
    "sign": _plain("signed", "The agreement is signed."),
    "reported": _plain("reported", "The company reported what was done."),
    "withdraw": _plain("withdrawn", "The company takes its application back; what is reserved is released."),
    "lapse": _plain("lapsed", "What was granted is not used, and the programme takes it back."),
}
"""Command → what it does, of the steps that tell no more than that they happened."""


def ranking(
    call: Annotated[str, typer.Argument(help="Id of the call.")],
    region: Annotated[str | None, typer.Option(help="Only of this region (id).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it, sums in cents.")] = False,
) -> None:
    """The ranked list of a call: scores, pass mark, and down to where each region's budget suffices."""
    from matcher.programme.book import ApplicationQuery
    from matcher.programme.money import in_euros
    from matcher.programme.scoring import ranked
    from service.api.programme_bodies import Ranking
    from service.cli.programme.options import check_region
    from service.cli.programme.telling import say_if_made_up, table_of

    book = open_book()
    programme = book.in_force().programme
    check_region(programme, region)
    found = ranked(programme, call, book.applications(ApplicationQuery(call_id=call), region=region))
    if as_json:
        typer.echo(Ranking(call_id=call, simulated=programme.simulated, ranked=tuple(found)).model_dump_json())
        return
    console = out()
    columns = ("Rank", "No.", "Company", "Region", "Incentive", "State", "Score", "Mark", "Asks EUR", "Budget")
    table = table_of(*columns, sums=("Rank", "No.", "Score", "Mark", "Asks EUR"), whole=("Region", "State"))
    for one in found:
        where = (cell(one.company), one.region_id, one.incentive_id, one.state)
        score = (_score(one), f"{one.pass_mark} %", in_euros(one.asks).removesuffix(" EUR"))
        table.add_row("–" if one.rank is None else str(one.rank), str(one.application_id), *where, *score, _budget(one))
    console.print(table)
    for line in _cuts(found):
        console.print(line, markup=False, soft_wrap=True)
    say_if_made_up(console, programme)


def _score(one: Ranked) -> str:
    score = one.score
    if score.is_complete:
        return f"{score.percent:.1f} %"
    return f"{score.percent:.1f} % by {score.assessors}" if score.assessors else "none yet"


def _budget(one: Ranked) -> str:
    if one.suffices is not None:
        return "suffices" if one.suffices else "ENDED"
    return "below the mark" if one.score.passes is False else ""


def _cuts(found: list[Ranked]) -> list[str]:
    """Where each region's budget ends."""
    from matcher.programme.money import in_euros

    lines = []
    for region in dict.fromkeys(one.region_id for one in found):
        takes = [one for one in found if one.region_id == region and one.suffices is not None]
        beyond = next((one for one in takes if not one.suffices), None)
        if beyond is not None:
            ends = f"its {in_euros(beyond.budget)} end above application {beyond.application_id}"
            lines.append(f"Region {region}: {ends}; down to it {in_euros(beyond.needed)} are needed.")
        elif takes:
            needed = in_euros(max(one.needed for one in takes))
            lines.append(f"Region {region}: its {in_euros(takes[0].budget)} suffice for all; {needed} are needed.")
    return lines


def _record(application_id: int, kind: str, by: str, on: str | None, **told: Any) -> None:
    from matcher.programme.application import NewApplicationStep
    from matcher.programme.money import in_euros
    from matcher.validation import checked
    from service.cli.programme.options import cents, signature

    if "amount" in told:
        told["amount"] = cents(told["amount"])
    new = checked(NewApplicationStep, {"kind": kind, "happened_on": on, **told}, "step")
    book = open_book()
    step = book.step(application_id, new, signature(by))
    line = f"Step {step.step_id} on record: application {application_id} {kind}"
    if step.amount is not None:
        line += f", {in_euros(step.amount)}"
    out().print(cell(f"{line}."), soft_wrap=True)
    if step.reserved:
        application = book.application(application_id).application
        place = (application.region_id, application.call_id)
        account = next(one for one in book.ledger(region=place[0]) if (one.region_id, one.call_id) == place)
        left = f"{in_euros(account.left)} of {in_euros(account.budget)}"
        out().print(cell(f"Left to region {place[0]} in call {place[1]}: {left}."), soft_wrap=True)
