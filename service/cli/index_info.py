"""`crossmatch index info`: what the index is, on the disk or in the shared store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from service.cli.console import cell, out
from service.settings import Settings

if TYPE_CHECKING:
    from service.index_status import IndexStatus

_NOT_RECORDED = "not recorded; crossmatch index build does"


def info(as_json: Annotated[bool, typer.Option("--json", help="JSON, sizes in bytes.")] = False) -> None:
    """Say what the index holds, of which type it is and why, what it misses, and how large it is."""
    from service.store.source import index_source

    status = index_source(Settings()).status()
    if as_json:
        sums = {"bytes_on_disk": status.bytes_on_disk, "lexical_bytes_on_disk": status.lexical_bytes_on_disk}
        typer.echo(json.dumps({**asdict(status), **sums}, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _lines(status):
        table.add_row(name, cell(value))
    console = out()
    console.print(table)
    files = Table(box=SIMPLE_HEAD)
    files.add_column("File")
    files.add_column("On disk", justify="right")
    for file, size in [*status.files.items(), ("all", status.bytes_on_disk)]:
        files.add_row(cell(file), _size(size))
    console.print(files)


def _lines(status: IndexStatus) -> list[tuple[str, str]]:
    return [
        ("place" if status.is_shared else "folder", status.folder),
        ("current build", status.build),
        ("kept beside it", ", ".join(status.other_builds) or "none"),
        ("built", f"{status.built_at} (UTC)" if status.built_at else _NOT_RECORDED),
        ("encoder", status.encoder),
        ("directory", status.directory),
        ("providers", f"{status.providers:,}"),
        ("evidence", f"{status.evidence:,}"),
        ("passages", f"{status.passages:,}"),
        ("dense index", f"{status.dense_kind} ({status.dense_why})"),
        *_recall(status),
        *_vectors(status),
        ("memory, words", _memory(status.lexical_bytes, " in each process")),
        ("words on disk", _size(status.lexical_bytes_on_disk)),
    ]


def _vectors(status: IndexStatus) -> list[tuple[str, str]]:
    if status.is_shared:
        return [("vectors", _memory(status.dense_bytes, " in the database, with their indexes"))]
    return [
        ("memory, vectors", _memory(status.dense_bytes, ", mapped from the file: processes share it")),
        ("memory, codes", _memory(status.dense_code_bytes, " in each process")),
    ]


def _recall(status: IndexStatus) -> list[tuple[str, str]]:
    if status.is_exact:
        return [("recall", "exact")]
    if status.is_shared:
        return [("recall", "not recorded in the database; python -m benchmarks.pgvector measures it")]
    told = [
        (f"recall@{one.k:,}", f"{one.everything_allowed:.3f}; under a filter that keeps a tenth {one.a_tenth_allowed:.3f}")
        for one in status.recall
    ]
    return told or [("recall", _NOT_RECORDED)]


def _memory(size: int | None, whose: str) -> str:
    return _NOT_RECORDED if size is None else f"{_size(size)}{whose}"


def _size(size: int) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
