"""The chain: every entry carries the hash of the one before, over canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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


def sha256(text: str) -> str:
    """In hexadecimal, of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(salt: str, words: str) -> str:
    """What the chain holds of confidential words: without the salt it tells nothing, not even to who guesses them."""
    return sha256(salt + words)


def canonical(value: Any) -> str:
    """Canonical JSON by RFC 8785: one text for one value, in any language."""
    return rfc8785.dumps(value).decode()


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
    return {column.name: _covered(column, row[column.name]) for column in table.c if column.name not in _ELSEWHERE}


def _covered(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, DateTime):
        return moment(value)
    if isinstance(column.type, Boolean):
        # SQLite holds numbers.
        return {0: False, 1: True}.get(value, value)
    return f"sha256:{sha256(value)}" if isinstance(column.type, Text) and isinstance(value, str) else value


def entry_hash(row: Mapping[str, Any]) -> str:
    """Hash of an entry: SHA-256 of the canonical JSON of all its columns but the hash itself.

    `body` is canonical JSON already and comes first in the order of names, so it is put in as it is.
    """
    rest = {name: row[name] for name in ("kind", "match", "match_list", "previous", "recorded_by", "seq")}
    rest["recorded_at"] = moment(row["recorded_at"])
    return sha256(f'{{"body":{row["body"]},{canonical(rest)[1:]}')


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
            kind: `engine`, `match list`, `step`, `erasure`, `key made` or `key revoked`.
            body: what is recorded, as plain JSON values.
            by: who does it.
            at: when, in UTC; now if left out.
            match_list, match: rows it is about.
        """
        row: dict[str, Any] = {
            "seq": self.head.seq + 1,
            "kind": kind,
            "recorded_at": (at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None),
            "recorded_by": by,
            "match_list": match_list,
            "match": match,
            "body": canonical(body),
            "previous": self.head.hash,
        }
        row["hash"] = entry_hash(row)
        self.connection.execute(_INSERT, row)
        self.head = Head(seq=row["seq"], hash=row["hash"])
        return self.head


def as_mapping(row: Row[Any]) -> Mapping[str, Any]:
    """A row by the names of its columns."""
    return dict(row._mapping)
