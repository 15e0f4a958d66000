"""Files for the command line's readers, of which most are bad, each made from a good one; the same ones at every run."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openpyxl import Workbook

from matcher.directory import load_directory
from matcher.evaluation.judging_sheet import read_sheet, write_sheet
from matcher.evaluation.pooling import PooledPair
from matcher.records import Need
from matcher.relevance import RelevanceModel
from matcher.shipped import shipped_model_file
from service.cli.need_input import needs_of_jsonl
from service.record.backup import back_up, restore
from service.record.sql_log import SqlMatchLog
from tests.contract.bad_input import SEED, bad_bodies
from tests.fakes import need, small_directory


@dataclass(frozen=True)
class Reader:
    """What reads a kind of file, and what it reads without complaint."""

    file: str
    """Its name: some readers go by the ending."""
    read: Callable[[Path], object]
    good: bytes
    damage: Callable[[bytes], Iterable[tuple[str, bytes]]]


def readers(folder: Path, log: SqlMatchLog) -> list[Reader]:
    """Every reader, each with a good file.

    Args:
        folder: where good files may be written, and what readers write.
        log: a record with something in it.
    """
    providers, evidence = (
        [json.loads(one.model_dump_json(exclude_none=True)) for one in records]
        for records in (small_directory().providers, small_directory().evidence)
    )
    beside = folder / "beside.jsonl"
    beside.write_bytes(_lines(providers))
    return [
        Reader("providers.csv", lambda file: load_directory([file]), _table(providers), damaged_text),
        Reader("evidence.csv", lambda file: load_directory([beside, file]), _table(evidence), damaged_text),
        Reader("providers.jsonl", lambda file: load_directory([file]), _lines(providers), damaged_text),
        Reader("one.jsonl", lambda file: load_directory([file]), _lines(providers[:1]), lambda _: bad_bodies(providers[0])),
        Reader("book.xlsx", lambda file: load_directory([file]), _book(folder, providers, evidence), damaged_bytes),
        Reader("needs.jsonl", lambda file: needs_of_jsonl(file, {}), _needs(), damaged_text),
        Reader("need.jsonl", lambda file: needs_of_jsonl(file, {}), _needs(), lambda _: bad_bodies(_NEED)),
        Reader("sheet.csv", read_sheet, _sheet(folder, ".csv"), damaged_text),
        Reader("sheet.xlsx", read_sheet, _sheet(folder, ".xlsx"), damaged_bytes),
        Reader("model.json", RelevanceModel.load, shipped_model_file().read_bytes(), _damaged_model),
        Reader("backup.sqlite3", _restoring(folder), _backup(folder, log), damaged_bytes),
    ]


def damaged_text(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A text file of lines, cut, mixed up, in other encodings, with odd signs in it."""
    chance = random.Random(SEED)
    text = good.decode("utf-8-sig")
    lines = text.splitlines(keepends=True)
    yield from ((f"cut short after {length} bytes", good[:length]) for length in range(0, len(good), max(1, len(good) // 60)))
    for number in range(60):
        place, sign = chance.randrange(len(text)), chance.choice('",;\t\n\r\0\x1b\ufeff\u2028é=\\{}[]01')
        yield f"{sign!r} at {place} ({number})", (text[:place] + sign + text[place + 1 :]).encode()
    for number in range(20):
        place, byte = chance.randrange(len(good)), chance.randrange(128, 256)
        yield f"byte 0x{byte:02X} at {place} ({number})", good[:place] + bytes([byte]) + good[place:]
    for number, line in enumerate(lines):
        yield f"line {number} twice", "".join([*lines, line]).encode()
        yield f"without line {number}", "".join([*lines[:number], *lines[number + 1 :]]).encode()
    for coding in ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "utf-8-sig"):
        yield f"in {coding}", text.encode(coding)
    for name, content in {
        "nothing": b"",
        "blank lines": b"\n\n\n",
        "one mark": b"\xef\xbb\xbf",
        "NUL": b"\0" * 5_000,
        "one long line": b"x" * 300_000,
        "one quote": b'"',
        "many commas": b"," * 100_000,
        "many quotes": b'"' * 100_001,
        "deep": b"[" * 200_000,
        "a large number": b"9" * 10_000,
        "numbers": b"1\n2\n3\n",
        "null": b"null\n",
    }.items():
        yield name, content
        yield f"all, then {name}", good + content


def damaged_bytes(good: bytes) -> Iterator[tuple[str, bytes]]:
    """A file of a binary form, cut and with other bytes in it."""
    chance = random.Random(SEED)
    yield from ((f"cut short after {length} bytes", good[:length]) for length in range(0, len(good), max(1, len(good) // 25)))
    for number in range(60):
        place, byte = chance.randrange(len(good)), chance.randrange(256)
        yield f"byte 0x{byte:02X} at {place} ({number})", good[:place] + bytes([byte]) + good[place + 1 :]
    for number in range(10):
        start = chance.randrange(len(good))
        yield f"zeros from {start} ({number})", good[:start] + bytes(min(4_096, len(good) - start)) + good[start + 4_096 :]
    yield from {"nothing": b"", "text": b"provider_id,name\n", "twice": good + good, "noise": chance.randbytes(20_000)}.items()


def _damaged_model(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield from damaged_text(good)
    yield from islice(bad_bodies(json.loads(good)), 0, None, 3)


_NEED = json.loads(need(title="Lungs", company="Lung BV", asked_on="2026-01-31").model_dump_json(exclude_none=True))


def _needs() -> bytes:
    return _lines([{"id": "n-1", **_NEED}, {"id": "n-2", **_NEED}])


def _lines(rows: Iterable[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _cells(rows: list[dict[str, object]]) -> Iterator[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    yield names
    yield from ([str(row.get(name, "")) for name in names] for row in rows)


def _table(rows: list[dict[str, object]]) -> bytes:
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in _cells(rows))
    return "".join(f"{line}\r\n" for line in quoted).encode()


def _book(folder: Path, *tables: list[dict[str, object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for rows in tables:
        sheet = workbook.create_sheet()
        for cells in _cells(rows):
            sheet.append(cells)
    workbook.save(folder / "good.xlsx")
    workbook.close()
    return (folder / "good.xlsx").read_bytes()


def _sheet(folder: Path, form: str) -> bytes:
    needs: dict[str, Need] = {"n1": need(title="Lung models"), "n2": need('Vi søger et "laboratorium".\nHurtigt.', "DK")}
    file = folder / f"good-sheet{form}"
    write_sheet(file, [PooledPair("n1", "aqua"), PooledPair("n2", "bruno")], needs, small_directory())
    return file.read_bytes()


def _backup(folder: Path, log: SqlMatchLog) -> bytes:
    back_up(log, folder / "good-backup.sqlite3")
    return (folder / "good-backup.sqlite3").read_bytes()


def _restoring(folder: Path) -> Callable[[Path], object]:
    def read(file: Path) -> object:
        target = folder / "restored.sqlite3"
        try:
            return restore(file, f"sqlite:///{target}")
        finally:
            for left in folder.glob("restored.sqlite3*"):
                left.unlink()

    return read
