"""`crossmatch log verify|replay|erase|backup|restore`: what makes the record one that can be trusted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from embeddings.errors import Refusal, shown
from matcher.errors import RecordBroken
from matcher.log import Head
from service.cli.console import out
from service.cli.log.opening import open_record
from service.settings import Settings


def verify(
    head: Annotated[str | None, typer.Option(help="SEQ:HASH that an earlier verify printed: is it still in the chain?")] = None,
) -> None:
    """Prove that nothing on record was changed, taken out or put in beside the chain."""
    record = open_record()
    if head is not None:
        _check_still_there(record.entry_hash(_head(head).seq), _head(head))
    found = record.verify()
    typer.echo(f"The record holds: {found.seq:,} entries. Head: {found.seq}:{found.hash}")


def replay(
    list_id: Annotated[str, typer.Argument(help="The list's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON as the service gives it.")] = False,
) -> None:
    """Match a past need again: does today's engine give the same list, and if not, what differs and why?"""
    # Only here, so that `--help` loads no model.
    from service.desk import open_desk

    found = open_desk(Settings()).replay(list_id)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    console = out()
    for sentence in found.sentences:
        console.print(sentence, markup=False, soft_wrap=True)


def erase(
    list_id: Annotated[str | None, typer.Argument(help="The list whose need is to be erased.")] = None,
    older_than: Annotated[int | None, typer.Option(min=1, help="Days: erase the words of all needs older than that.")] = None,
    by: Annotated[str, typer.Option(help="Who erases, for the record.")] = "command line",
) -> None:
    """Take out of the record all that is in a need's own words. List, figures and chain stay; there is no way back."""
    if (list_id is None) == (older_than is None):
        raise typer.BadParameter("Give either a list or --older-than.")
    record = open_record()
    if older_than is not None:
        count = record.erase_before(datetime.now(UTC) - timedelta(days=older_than), by)
        typer.echo(f"Erased the words of {count:,} needs.")
    elif list_id is not None:
        erased = record.erase(list_id, by)
        typer.echo(f"The need of list {erased.list_id} was erased on {erased.erased_at:%Y-%m-%d %H:%M} by {erased.erased_by}.")


def backup(file: Annotated[Path, typer.Argument(help="New file to write.")]) -> None:
    """Write the whole record to one file, while the service goes on; the file is proved by the chain."""
    from service.record.backup import back_up

    head = back_up(open_record(), file)
    typer.echo(f"Backup in {file}: {head.seq:,} entries. Head: {head.seq}:{head.hash}")


def restore(file: Annotated[Path, typer.Argument(help="File that crossmatch log backup wrote.")]) -> None:
    """Read a backup into the empty record that the settings name (SQLite or PostgreSQL), and prove it by the chain."""
    from service.record.backup import restore as restore_from

    head = restore_from(file, Settings().match_log_url)
    typer.echo(f"Restored {head.seq:,} entries. Head: {head.seq}:{head.hash}")


def _head(written: str) -> Head:
    seq, colon, digest = written.partition(":")
    if not (colon and seq.isdecimal() and len(digest) == 64):
        remedy = "Copy it from what crossmatch log verify printed."
        raise Refusal("option --head", "be SEQ:HASH", shown(written), remedy)
    return Head(seq=int(seq), hash=digest.lower())


def _check_still_there(found: str | None, wanted: Head) -> None:
    if found != wanted.hash:
        place = f"entry {wanted.seq} of the record"
        there = "no such entry" if found is None else f"{found[:12]}…"
        remedy = "The newest entries were cut off, or all were made anew: restore a backup (crossmatch log restore)."
        raise RecordBroken(place, f"have the hash {wanted.hash[:12]}…", there, remedy)
