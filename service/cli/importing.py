"""`crossmatch import`: make a directory and a benchmark from a public source."""

from __future__ import annotations

import csv
import json
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.box import SIMPLE_HEAD
from rich.table import Table

from embeddings.errors import Refusal
from matcher.cordis import CordisImport, read_cordis
from matcher.errors import DirectoryRefused
from service.cli.console import err, out, progress

app = typer.Typer(no_args_is_help=True, help="Make a directory and a benchmark from a public source.")

_MOST_SHOWN = 100
_PROVIDER_COLUMNS = ("provider_id", "name", "category", "country", "city", "url", "source_ids")
_EVIDENCE_COLUMNS = (
    "evidence_id",
    "provider_id",
    "kind",
    "title",
    "topics",
    "year",
    "role",
    "reference",
    "language",
    "date",
)
_NEED_FIELDS = ("need_id", "title", "text", "language", "country", "company", "company_ids", "asked_on")


@app.callback()
def group() -> None:
    """Make a directory and a benchmark from a public source."""


@app.command()
def cordis(
    folder: Annotated[Path, typer.Argument(help="Unpacked download: project, organization, euroSciVoc (CSV).")],
    target: Annotated[Path, typer.Option("--out", help="Folder to write; made if it is not there.")],
    objectives: Annotated[
        bool, typer.Option("--objectives", help="Needs and evidence say the projects' objectives too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier import in a folder that is not empty.")] = False,
) -> None:
    """The EU's research projects: organisations, their projects, and what small companies among them looked for."""
    _check_target(target, force=force)
    try:
        with progress("Reading CORDIS") as report:
            imported = read_cordis(folder, objectives=objectives, on_progress=report)
    except DirectoryRefused as refusal:
        _print_problems(refusal)
        raise typer.Exit(1) from refusal
    write_import(imported, target)
    out().print(_summary(imported, target))


def write_import(imported: CordisImport, target: Path) -> None:
    """Write the import's five files. They are made beside the folder and moved in when all are whole.

    Other files of the folder stay as they are.
    """
    beside = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}"
    beside.mkdir(parents=True)
    try:
        _write_csv(beside / "providers.csv", _PROVIDER_COLUMNS, imported.providers)
        described = any(item.description for item in imported.evidence)
        columns = (*_EVIDENCE_COLUMNS, "description") if described else _EVIDENCE_COLUMNS
        _write_csv(beside / "evidence.csv", columns, imported.evidence)
        _write_lines(beside / "needs.jsonl", (json.dumps(row, ensure_ascii=False) for row in _need_rows(imported)))
        known = sorted(imported.known.items())
        _write_lines(beside / "known_matches.qrels", (f"{need} 0 {provider} 1" for need, found in known for provider in found))
        _write_lines(beside / "exclusions.json", [json.dumps(imported.exclusions, indent=2)])
        target.mkdir(exist_ok=True)
        for file in sorted(beside.iterdir()):
            file.replace(target / file.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _check_target(target: Path, *, force: bool) -> None:
    if target.exists() and not target.is_dir():
        raise Refusal(f"option --out {target}", "be a folder", "a file", "Name a folder.")
    if not force and target.is_dir() and any(target.iterdir()):
        remedy = "Name another folder, or replace the import in it with --force."
        raise Refusal(f"option --out {target}", "be an empty folder or a new one", "a folder with files in it", remedy)


def _print_problems(refusal: DirectoryRefused) -> None:
    console, count = err(), len(refusal.problems)
    for problem in refusal.problems[:_MOST_SHOWN]:
        console.print(str(problem), markup=False, soft_wrap=True)
    if count > _MOST_SHOWN:
        console.print(f"… and {count - _MOST_SHOWN} more")
    console.print(f"{count} {'problem' if count == 1 else 'problems'}. Nothing was written.")


def _need_rows(imported: CordisImport) -> Iterable[Mapping[str, Any]]:
    for past in imported.needs:
        values = past.need.model_dump(mode="json")
        yield {**{name: values[name] for name in _NEED_FIELDS}, "group": past.project_id}


def _write_csv(file: Path, columns: Sequence[str], records: Iterable[BaseModel]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(record.model_dump(mode="json") for record in records)


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _summary(imported: CordisImport, target: Path) -> Table:
    lonely = sum(not found for found in imported.known.values())
    counts = {
        "providers": len(imported.providers),
        "pieces of evidence": len(imported.evidence),
        "needs": len(imported.needs),
        "needs without a partner": lonely,
        "known matches": sum(len(found) for found in imported.known.values()),
    }
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(f"In {target}")
    table.add_column("Count", justify="right")
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    table.add_section()
    for reason, count in imported.exclusions.items():
        table.add_row(f"left out: {reason}", f"{count:,}")
    return table
