"""The chain: every entry carries the hash of the one before, over canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import rfc8785
from sqlalchemy import Boolean, Column, Connection, DateTime, Row, Table, Text, insert, select

from matcher.log import Head
from service.record.tables import entries

BEGINNING = "0" * 64
"""What the first entry has as the hash of the one before."""
_INSERT = insert(entries)
_NEWEST = select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
_ELSEWHERE = ("id", "company_key", "match_list")
"""Columns that a row's document leaves out: numbers stand in the entry, and the company's key follows from its name."""
_EXACT = 2**53
"""Whole numbers below are the same in every language."""


def sha256(text: str) -> str:
    """In hexadecimal, of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(salt: str, words: str) -> str:
    """What the chain holds of confidential words: without the salt it tells nothing, not even to who guesses them."""
    return sha256(salt + words)


def canonical(value: Any) -> str:
    """Canonical JSON by RFC 8785: one text for one value, in any language."""
    if _is_plain(value):
        written = _PLAIN_JSON.encode(value)
        try:
            written.encode()
        except UnicodeEncodeError:
            pass  # half a character, which is for the other to refuse
        else:
            return written
    return rfc8785.dumps(value).decode()


_PLAIN_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
"""Writes values that `_is_plain` as RFC 8785 does, in a fifth of the time: a batch has a list a millisecond."""


def _is_plain(value: Any) -> bool:
    """Whether Python's own JSON is canonical: names in ASCII, no number that other languages write otherwise."""
    kind = type(value)
    if kind is dict:
        for name, of_name in value.items():
            if type(name) is not str or not name.isascii():
                return False
            # Nearly all are text, and are not looked at one by one.
            if type(of_name) is not str and not _is_plain(of_name):
                return False
        return True
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_EXACT < value < _EXACT)
    if kind is float:
        return bool(1e-4 <= abs(value) < 1e16 and not value.is_integer())
    return kind is list and all(map(_is_plain, value))


def moment(value: object) -> object:
    """A moment of a column (UTC without a zone), as it stands in the chain.

    SQLite keeps it as text, which may be given as it is; text in another form is given back, and equals no moment.
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    day, space, time = str(value).partition(" ")
    return f"{day}T{time}Z" if space else value


def row_document(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the chain covers it: every column by name, long texts by their SHA-256, moments in ISO 8601.

    Args:
        table: its table.
        row: with values as they are given to the database, or as it holds them.
    """
    document = {name: covered(row[name]) for name, covered in _covering(table)}
    # Left out where there is none, as it was before there were batches: what was recorded then verifies as it did.
    if table.name == "match_lists" and document["batch"] is None:
        del document["batch"]
    return document


@cache
def _covering(table: Table) -> list[tuple[str, Callable[[Any], Any]]]:
    """Column → how its values stand in a document."""
    # As plain text: SQLAlchemy's names are a kind of their own.
    return [(str(column.name), _covered_as(column)) for column in table.c if column.name not in _ELSEWHERE]


def _covered_as(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, DateTime):
        return moment
    if isinstance(column.type, Boolean):
        # SQLite holds numbers.
        return lambda value: {0: False, 1: True}.get(value, value)
    if isinstance(column.type, Text):
        return lambda value: f"sha256:{sha256(value)}" if isinstance(value, str) else value
    return lambda value: value


def entry_hash(row: Mapping[str, Any]) -> str:
    """Hash of an entry: SHA-256 of the canonical JSON of all its columns but the hash itself.

    `body` is canonical JSON already and comes first in the order of names, so it is put in as it is.
    """
    rest = {name: row[name] for name in ("kind", "match", "match_list", "previous", "recorded_by", "seq")}
    rest["recorded_at"] = moment(row["recorded_at"])
    return sha256(f'{{"body":{row["body"]},{canonical(rest)[1:]}')


class NewEntry(NamedTuple):
    """What is to be recorded; see `ChainEnd.append`."""

    kind: str
    body: Mapping[str, Any]
    by: str
    at: datetime
    """With its zone."""
    match_list: int | None = None
    match: int | None = None


@dataclass
class ChainEnd:
    """The end of the chain within one transaction that holds the lock: what is appended comes after `head`."""

    connection: Connection
    head: Head

    @classmethod
    def of(cls, connection: Connection) -> ChainEnd:
        """Read where the chain ends now."""
        newest = connection.execute(_NEWEST).one_or_none()
        return cls(connection, Head(seq=newest.seq, hash=newest.hash) if newest else Head(seq=0, hash=BEGINNING))

    def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        by: str,
        at: datetime | None = None,
        match_list: int | None = None,
        match: int | None = None,
    ) -> Head:
        """Add an entry; the head is then that entry.

        Args:
            kind: `match list`, `step`, `erasure`, or one of those in `service.record.verifying`.
            body: what is recorded, as plain JSON values.
            by: who does it.
            at: when, in UTC; now if left out.
            match_list, match: rows it is about.
        """
        return self.append_each([NewEntry(kind, body, by, at or datetime.now(UTC), match_list, match)])

    def append_each(self, new: Sequence[NewEntry]) -> Head:
        """Add entries one after the other, at least one; the head is then the last of them."""
        rows = []
        seq, previous = self.head.seq, self.head.hash
        for one in new:
            seq += 1
            row: dict[str, Any] = {
                "seq": seq,
                "kind": one.kind,
                "recorded_at": one.at.astimezone(UTC).replace(tzinfo=None),
                "recorded_by": one.by,
                "match_list": one.match_list,
                "match": one.match,
                "body": canonical(one.body),
                "previous": previous,
            }
            row["hash"] = previous = entry_hash(row)
            rows.append(row)
        self.connection.execute(_INSERT, rows)
        self.head = Head(seq=seq, hash=previous)
        return self.head


def as_mapping(row: Row[Any]) -> Mapping[str, Any]:
    """A row by the names of its columns."""
    return dict(row._mapping)
