"""`crossmatch batch`: a whole file of needs, matched and put on record."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.console import err
from service.cli.terms import (
    AskedBy,
    Beta,
    Category,
    Floor,
    InCountry,
    InRegion,
    KnownContacts,
    Length,
    NotInCountry,
    Policy,
    Prefer,
    Without,
    checked_asker,
    terms_of,
)
from service.settings import Settings

if TYPE_CHECKING:
    from service.batch.refusals import NeedsRefused

_MOST_SHOWN = 20


def batch(
    needs: Annotated[Path, typer.Argument(help="File of needs, one a row: .csv, .tsv, .xlsx, .jsonl or .parquet.")],
    out: Annotated[Path, typer.Option("--out", help="File of match lists to write: .csv, .xlsx, .jsonl or .parquet.")],
    country: Annotated[str | None, typer.Option(help="The company's country where a row does not say.")] = None,
    language: Annotated[str | None, typer.Option(help="The need's language where a row does not say.")] = None,
    kind: Annotated[str | None, typer.Option(help="expertise or collaboration, where a row does not say.")] = None,
    region: Annotated[str | None, typer.Option(help="The company's region where a row does not say.")] = None,
    category: Category = None,
    in_country: InCountry = None,
    not_in_country: NotInCountry = None,
    in_region: InRegion = None,
    without: Without = None,
    contacts: KnownContacts = "note",
    policy: Policy = "favour",
    beta: Beta = None,
    floor: Floor = None,
    prefer: Prefer = None,
    k: Length = 10,
    check: Annotated[bool, typer.Option("--check", help="Only look through the file; match nothing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out rows that are no needs, and write them to a file of their own.")
    ] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Give up the batch that was begun for this output.")] = False,
    processes: Annotated[
        int | None, typer.Option(min=0, max=64, help="Processes that match, on each machine; one a processor if left out.")
    ] = None,
    engine: Annotated[
        Literal["processes", "ray"], typer.Option(help="processes of this machine, or actors of a Ray cluster.")
    ] = "processes",
    address: Annotated[
        str | None,
        typer.Option(help="Of the Ray cluster (HOST:6379, or auto); RAY_ADDRESS, or one of this machine, if left out."),
    ] = None,
    asked_by: AskedBy = "command line",
) -> None:
    """Match every need of a file and record the lists as one batch.

    Columns are the fields of a need: text and country, and as far as there are any id, title, kind, language, region, company,
    company_url, company_ids, categories, asked_on; several values in one cell are separated by semicolons. The file is looked
    through first: where a row is no need, nothing is matched. Whatever ends the command, the same command goes on where it
    stood.

    With --engine ray, every machine of a Ray cluster encodes and matches; the record and the output are written here.
    """
    from service.batch.run import Order, check_file, run_batch
    from service.cli.batch_progress import BatchProgress

    terms = terms_of(
        category=category,
        in_country=in_country,
        not_in_country=not_in_country,
        in_region=in_region,
        without=without,
        contacts=contacts,
        policy=policy,
        beta=beta,
        floor=floor,
        prefer=prefer,
        k=k,
    )
    about = {"country": country, "language": language, "kind": kind, "region": region}
    order = Order(
        file=needs,
        out=out,
        terms=terms,
        about={name: value for name, value in about.items() if value is not None},
        asked_by=checked_asker(asked_by),
        skip_bad=skip_bad,
        anew=anew,
        processes=processes,
        cluster=cluster_of(engine, address),
    )
    if check:
        with _every_problem_told(), BatchProgress() as progress:
            looked = check_file(order, progress)
        typer.echo(f"{looked.needs:,} needs, all in order. Nothing was matched.")
        return
    # Only here, so that a refused term is refused at once and `--help` loads no model.
    from service.batch.workers import keep_what_is_open
    from service.desk import open_desk

    settings = Settings()
    desk = open_desk(settings)
    keep_what_is_open()
    with _every_problem_told(), _hint_at_interruption(), BatchProgress() as progress:
        found = run_batch(order, desk, settings, progress)
    assert found.closing is not None
    counts = f"{found.closing.matches:,} matches, {found.closing.cross_border:,} of them across a border"
    typer.echo(f"{found.closing.lists:,} lists ({found.closing.without_match:,} without a match), {counts}: {out}")
    if found.opening.refused:
        typer.echo(f"{found.opening.refused:,} rows were left out: {out.with_name(f'{out.stem}.refused.csv')}")
    typer.echo(f"On record as batch {found.opening.batch_id}")


def cluster_of(engine: str, address: str | None) -> str | None:
    """Where to work, as `service.batch.run.Order` has it."""
    if engine == "ray":
        # Ray's own name for it, so that a cluster is named once for all that uses Ray.
        return address if address is not None else os.environ.get("RAY_ADDRESS", "")
    if address is not None:
        from service.batch.refusals import BatchRefused

        remedy = "Add --engine ray, or leave the address out."
        raise BatchRefused("option --address", "come with --engine ray", "--engine processes", remedy)
    return None


@contextmanager
def _every_problem_told() -> Iterator[None]:
    from service.batch.refusals import NeedsRefused

    try:
        yield
    except NeedsRefused as refused:
        _tell(refused)
        raise typer.Exit(1) from refused


def _tell(refused: NeedsRefused) -> None:
    console = err()
    for problem in refused.problems[:_MOST_SHOWN]:
        console.print(str(problem), markup=False, soft_wrap=True)
    if refused.count > _MOST_SHOWN:
        console.print(f"… and {refused.count - _MOST_SHOWN:,} more")
    problems = "1 problem" if refused.count == 1 else f"{refused.count:,} problems"
    closing = f"{problems}, also in {refused.file}. Nothing was matched. --skip-bad leaves such rows out."
    console.print(closing, markup=False, soft_wrap=True)


@contextmanager
def _hint_at_interruption() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        err().print("Stopped. The same command goes on where it stood.")
        raise
