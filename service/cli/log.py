"""`crossmatch log`: read the record, and write what became of its matches."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import Refusal, shown
from matcher.log import REASONS, LoggedMatch, OutcomeKind
from service.cli.console import out
from service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Read the record of match lists, and write outcomes.")
_FORMATS = ("csv", "jsonl")


@app.callback()
def group() -> None:
    """Read the record of match lists, and write what became of the matches."""


@app.command("list")
def list_lists(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one list a line.")] = False,
) -> None:
    """The newest match lists."""
    summaries = _log().lists(limit=limit)
    if as_json:
        for summary in summaries:
            typer.echo(summary.model_dump_json())
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("When (UTC)", "List", "Need", "Company", "Country", "Matches", "Cross-border", "Asked by"):
        table.add_column(column, no_wrap=column in ("List", "When (UTC)"))
    for one in summaries:
        when = one.created_at.strftime("%Y-%m-%d %H:%M")
        counts = (str(one.matches), str(one.cross_border))
        table.add_row(when, one.list_id, one.need_id, one.company, one.country, *counts, one.asked_by)
    out().print(table)


@app.command()
def show(
    list_id: Annotated[str, typer.Argument(help="The list's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it.")] = False,
) -> None:
    """One match list as it was given out."""
    from service.cli.render import print_match_list

    entry = _log().get(list_id)
    if as_json:
        typer.echo(entry.model_dump_json())
    else:
        print_match_list(out(), entry)


@app.command()
def export(
    file: Annotated[Path | None, typer.Option("--out", help="File to write; standard output if left out.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
) -> None:
    """Every match on record, one a row."""
    if form not in _FORMATS:
        raise Refusal("option --format", f"be one of {', '.join(_FORMATS)}", shown(form))
    rows = (_row(one) for one in _log().every_match())
    with _target(file) as stream:
        if form == "jsonl":
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            return
        writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@app.command()
def outcome(
    match_id: Annotated[int, typer.Argument(help="The match's id, as log export shows it.")],
    kind: Annotated[str, typer.Argument(help=f"What became of it: {', '.join(get_args(OutcomeKind))}.")],
    reason: Annotated[str | None, typer.Option(help=f"Why it was declined: {', '.join(REASONS)}.")] = None,
    by: Annotated[str, typer.Option(help="Who records it.")] = "command line",
) -> None:
    """Put on record what became of a match. Nothing is overwritten: the outcome recorded last counts."""
    given = _log().record_outcome(match_id, kind, reason, by)
    because = f": {given.reason}" if given.reason else ""
    typer.echo(f"Outcome {given.outcome_id} on record: match {given.match_id} {given.kind}{because}")


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


def _log() -> Any:
    from service.sql_log import SqlMatchLog

    return SqlMatchLog(Settings().match_log_url)


def _umask() -> int:
    """What new files may not be for others; the system tells it only while setting another."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _target(file: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears only when it is whole."""
    if file is None:
        yield sys.stdout
        return
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=file.parent, delete=False) as beside:
            try:
                yield beside
                beside.flush()
                Path(beside.name).chmod(0o666 & ~_umask())
                os.fsync(beside.fileno())
                Path(beside.name).replace(file)
            except BaseException:
                Path(beside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Refusal(f"file {file}", "be writable", error.strerror or str(error), "Choose another place.") from error
