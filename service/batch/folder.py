"""The folder beside the output of a batch, where it is worked on until it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from embeddings.errors import Refusal
from service.batch.refusals import BatchRefused

NOTE, SPOOL, REFUSED, OUTPUT, _LOCK = "note.json", "lists.jsonl", "refused.csv", "output", "lock"


@contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """A folder for this batch alone. It stays where a note in it says that the batch is not finished.

    Raises:
        Refusal: the place of the output cannot be written.
        BatchRefused: another process works on the same output.
    """
    folder = out.parent / f".{out.name}.batch"
    if out.is_dir():
        raise Refusal(f"file {out}", "be writable", "a folder", "Choose another place.")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refusal(f"file {out}", "be writable", error.strerror or str(error), "Choose another place.") from error
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        remedy = "Wait until it has finished, or name another output."
        raise BatchRefused(f"output {out}", "be worked on by one at a time", "another that is at it", remedy) from None
    try:
        yield folder
    finally:
        if not (folder / NOTE).exists():
            shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def put_in_place(file: Path, target: Path) -> None:
    """Move a finished file to its place, readable as other files are, once it is on the disk."""
    mask = os.umask(0o077)
    os.umask(mask)
    file.chmod(0o666 & ~mask)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    file.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
