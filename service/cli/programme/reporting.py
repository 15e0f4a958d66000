"""`crossmatch programme report`: incentives, budgets, flows and outcomes in figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import cell, err, out
from service.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from matcher.programme.report_records import ProgrammeReport
    from matcher.records import Provider
    from service.record.sql_log import SqlMatchLog


def report(
    target: Annotated[
        Path | None, typer.Option("--out", help="Folder to write report.html, report.json and a .csv for each table to.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Only of this region (id).")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="On a simulated history of the shipped programme, not on the record.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it, sums in cents.")] = False,
) -> None:
    """The programme in figures: incentives, budgets, flows across borders, and what came of the matches."""
    # Only here, so that `--help` opens no database.
    from service.programme.report_files import check_folder, write_report
    from service.programme.report_reading import read_report

    if target is not None:
        check_folder(target)
    with _record(simulated) as (log, now):
        found = read_report(log, now, region=region)
    written = None
    if target is not None:
        # matplotlib, which leaves its own files in the home of who runs it, is loaded for a page only.
        from service.programme.report_page import report_page
        from service.programme.report_places import places_of

        written = write_report(found, report_page(found, places_of(_providers(simulated))), target)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    console = out()
    _print(console, found)
    if written is not None:
        console.print(
            f"\n{written[0]}, {written[1]} and {len(written) - 2} tables are in {target}", markup=False, soft_wrap=True
        )


@contextmanager
def _record(simulated: bool) -> Iterator[tuple[SqlMatchLog, datetime]]:
    """The record that is told of, and the moment as of which."""
    if simulated:
        from service.programme.simulation import ENDED, simulated_record

        console = err()
        if console.is_terminal:
            console.print("Simulating a history of the programme …")
        with simulated_record() as log:
            yield log, ENDED
        return
    from service.cli.log.opening import open_record

    log = open_record()
    try:
        yield log, datetime.now(UTC)
    finally:
        log.close()


def _providers(simulated: bool) -> tuple[Provider, ...]:
    """Of the directory whose places the map shows."""
    from matcher.directory import load_directory
    from matcher.shipped import shipped_directory_files

    return load_directory(shipped_directory_files() if simulated else Settings().directory_files).providers


def _print(console: Console, found: ProgrammeReport) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from service.programme.report_cells import as_text
    from service.programme.report_summary import in_short
    from service.programme.report_tables import SIMULATED, tables_of

    mark = f"{SIMULATED}: everything here is made up. " if found.simulated else ""
    of = "all regions" if found.region is None else found.regions.get(found.region, found.region)
    console.print(cell(f"{mark}{found.name}, {of}, as of {found.as_of:%Y-%m-%d}."), soft_wrap=True)
    for line in in_short(found):
        console.print(cell(line), soft_wrap=True)
    # By their ids: names of regions would break every row over many lines.
    narrow = found.model_copy(update={"regions": {}})
    for told in tables_of(narrow).values():
        # What is long stands in the files.
        if told.folded:
            continue
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
        for place, name in enumerate(told.columns):
            table.add_column(name, overflow="fold", justify="left" if place == 0 else "right")
        for row in told.rows:
            table.add_row(*(cell(as_text(one)) for one in row))
        console.print()
        console.print(Text(told.caption), soft_wrap=True)
        console.print(table)
