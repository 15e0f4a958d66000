"""`crossmatch log list|show|export`: read the record."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import Refusal, shown
from matcher.batch_log import Batch
from matcher.log import ListQuery, LoggedMatch
from service.cli.console import cell, out
from service.cli.log.opening import open_record
from service.cli.output_file import whole_or_not

_FORMATS = ("csv", "jsonl")


def list_lists(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 30,
    batch: Annotated[str | None, typer.Option(help="Only those of this batch.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one list a line.")] = False,
) -> None:
    """The newest match lists."""
    from service.record.sql_batches import SqlBatches

    record = open_record()
    told = None if batch is None else SqlBatches(record).get(batch)
    summaries = record.lists(ListQuery(limit=limit, batch=batch))
    if as_json:
        for summary in summaries:
            typer.echo(summary.model_dump_json())
        return
    if told is not None:
        out().print(_in_words(told), markup=False, soft_wrap=True)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("When (UTC)", "List", "Need", "Company", "Country", "Matches", "Cross-border", "Asked by"):
        table.add_column(column, no_wrap=column in ("List", "When (UTC)"))
    for one in summaries:
        when = one.created_at.strftime("%Y-%m-%d %H:%M")
        counts = (str(one.matches), str(one.cross_border))
        who = (cell(one.need_id), cell(one.company))
        table.add_row(when, one.list_id, *who, one.country, *counts, cell(one.asked_by))
    out().print(table)


def _in_words(batch: Batch) -> str:
    opening, closing = batch.opening, batch.closing
    refused = f", {opening.refused:,} rows left out" if opening.refused else ""
    begun = f"{opening.needs:,} needs of {opening.source or 'a request'}{refused}, begun {opening.opened_at:%Y-%m-%d %H:%M} UTC"
    if closing is None:
        return f"{begun} by {opening.opened_by}; {batch.lists:,} lists so far."
    ended = f"ended {closing.closed_at:%Y-%m-%d %H:%M} UTC"
    counts = f"{closing.lists:,} lists ({closing.without_match:,} without a match), {closing.matches:,} matches"
    return f"{begun} by {opening.opened_by}, {ended}: {counts}, {closing.cross_border:,} of them across a border."


def show(
    list_id: Annotated[str, typer.Argument(help="The list's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it.")] = False,
) -> None:
    """One match list as it was given out."""
    from service.cli.render import print_match_list

    entry = open_record().get(list_id)
    if as_json:
        typer.echo(entry.model_dump_json())
    else:
        print_match_list(out(), entry)


def export(
    file: Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
) -> None:
    """Every match on record, one a row."""
    if form not in _FORMATS:
        raise Refusal("option --format", f"be one of {', '.join(_FORMATS)}", shown(form))
    rows = (_row(one) for one in open_record().every_match())
    with whole_or_not(file) as stream:
        if form == "jsonl":
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            return
        writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


_COLUMNS = [
    "match_id",
    "list_id",
    "created_at",
    "asked_by",
    "need_id",
    "company",
    "need_country",
    "need_region",
    "rank",
    "provider_id",
    "name",
    "category",
    "country",
    "cross_border",
    "score",
]


def _row(one: LoggedMatch) -> dict[str, Any]:
    values = one.model_dump(mode="json", exclude={"match"}) | one.match.model_dump(mode="json")
    return {column: values[column] for column in _COLUMNS}
