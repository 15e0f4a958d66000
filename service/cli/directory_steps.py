"""`crossmatch directory propose|vet|accept|refuse|suspend|resume|expire|leave|correct`: what happens to a provider."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from embeddings.errors import Refusal, shown
from matcher.validation import checked
from service.cli.problem_list import every_problem_told
from service.cli.upkeep_opening import directory_in_use, open_upkeep

if TYPE_CHECKING:
    from matcher.upkeep import Entry, ProviderStep

Files = Annotated[list[Path], typer.Argument(help="Files as of the directory (CSV, XLSX, JSONL): providers, evidence.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The provider's id.")]
Reason = Annotated[str, typer.Option(help="Why, for the record.")]
On = Annotated[str | None, typer.Option(help="The day it happened, as 2026-01-31; today if left out.")]
By = Annotated[str, typer.Option(help="Who records it.")]
_NOTHING_RECORDED = "Nothing was recorded."
_AFTER_BUILD = "It is searched so after the next crossmatch index build."
_OFF_LISTS = "It is on no new list from now on."
_ON_LISTS = "It may be on new lists from now on."


def propose(
    files: Files,
    region: Annotated[str, typer.Option(help="Id of the region that proposes them and looks after them.")],
    by: By = "command line",
) -> None:
    """Propose providers for the directory: every mistake is named, and nothing is recorded where there is one."""
    _check_region(region)
    upkeep = open_upkeep()
    with every_problem_told(_NOTHING_RECORDED):
        _tell(upkeep.propose(_entries_of(files), by, region=region))


def vet(provider_id: Id, on: On = None, by: By = "command line") -> None:
    """Record that a proposed provider was looked at: is it what it says, is its evidence true?"""
    _record(provider_id, "vetted", on, by, "It may be accepted now, or refused.")


def accept(provider_id: Id, on: On = None, by: By = "command line") -> None:
    """Take a vetted provider into the directory."""
    _record(provider_id, "accepted", on, by, _AFTER_BUILD)


def refuse(provider_id: Id, reason: Reason, on: On = None, by: By = "command line") -> None:
    """Refuse a proposed or vetted provider; it may be proposed again."""
    _record(provider_id, "refused", on, by, reason=reason)


def suspend(provider_id: Id, reason: Reason, on: On = None, by: By = "command line") -> None:
    """Take a provider off lists at once, for a while."""
    _record(provider_id, "suspended", on, by, _OFF_LISTS, reason=reason)


def resume(provider_id: Id, on: On = None, by: By = "command line") -> None:
    """End a suspension, or bring back who expired."""
    _record(provider_id, "resumed", on, by, _ON_LISTS)


def expire(
    provider_id: Id,
    reason: Annotated[str | None, typer.Option(help="Why, for the record.")] = None,
    on: On = None,
    by: By = "command line",
) -> None:
    """Take a provider off lists at once, because nothing new is known of it (see directory overdue)."""
    _record(provider_id, "expired", on, by, _OFF_LISTS, reason=reason)


def leave(
    provider_id: Id,
    reason: Annotated[str | None, typer.Option(help="Why, for the record.")] = None,
    on: On = None,
    by: By = "command line",
) -> None:
    """Record that a provider leaves: off lists at once, and out of the directory with the next index build."""
    _record(provider_id, "left", on, by, _OFF_LISTS, reason=reason)


def correct(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files as of the directory: the providers as they read now, with evidence or none."),
    ] = None,
    as_asked: Annotated[str | None, typer.Option(metavar="ID", help="Record what this provider asked for itself.")] = None,
    by: By = "command line",
) -> None:
    """Correct entries. Evidence is replaced by what the files have of it; a provider of which they have none keeps its own."""
    if (not files) is (as_asked is None):
        found = "neither" if as_asked is None else "both"
        raise Refusal("command", "be given files, or --as-asked with a provider", found, "Give one of the two.")
    upkeep = open_upkeep()
    with every_problem_told(_NOTHING_RECORDED):
        if as_asked is None:
            _tell(upkeep.correct(_entries_of(files or []), by))
        else:
            _tell([upkeep.correct_as_asked(as_asked, by)])
    typer.echo(_AFTER_BUILD)


def _record(provider_id: str, kind: str, on: str | None, by: str, hint: str = "", **told: Any) -> None:
    from matcher.upkeep import NewProviderStep

    values = {"provider_id": provider_id, "kind": kind, "happened_on": on, **told}
    _tell([open_upkeep().step(checked(NewProviderStep, values, "step"), by)])
    if hint:
        typer.echo(hint)


def _tell(steps: list[ProviderStep]) -> None:
    for step in steps:
        typer.echo(f"Step {step.step_id} on record: provider {step.provider_id} {step.kind}")


def _entries_of(files: list[Path]) -> list[Entry]:
    """The providers of files, each with its evidence."""
    from matcher.directory import load_directory
    from matcher.upkeep import Entry

    directory = load_directory(files)
    return [Entry(provider=one, evidence=directory.evidence_of(one.provider_id)) for one in directory.providers]


def _check_region(region: str) -> None:
    from matcher.shipped import shipped_regions

    own = {one.region for one in directory_in_use().providers if one.region}
    known = own | {one.region_id for one in shipped_regions()}
    if region not in known:
        remedy = f"Known regions: {', '.join(sorted(known))}."
        raise Refusal("option --region", "be a region of the programme or of the directory", shown(region), remedy)
