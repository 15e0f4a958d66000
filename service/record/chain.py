"""The chain: every entry carries the hash of the one before, over canonical JSON (RFC 8785)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection, Row, Table, Text, insert, select

from matcher.log import Head
from service.record.tables import entries

BEGINNING = "0" * 64
"""What the first entry has as the hash of the one before."""
_INSERT = insert(entries)
_NEWEST = select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
_DERIVED = ("id", "company_key")
"""Columns of which the chain knows nothing: numbers that the database gives, and what follows from other columns."""


def sha256(text: str) -> str:
    """In hexadecimal, of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment(salt: str, words: str) -> str:
    """What the chain holds of confidential words: without the salt it tells nothing, not even to who guesses them."""
    return sha256(salt + words)


def canonical(value: Any) -> str:
    """Canonical JSON by RFC 8785: one text for one value, in any language."""
    return rfc8785.dumps(value).decode()


def moment(value: datetime) -> str:
    """A moment of a column (UTC without a zone), as it stands in the chain."""
    return value.isoformat(timespec="microseconds") + "Z"


def row_document(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the chain covers it: every column by name, long texts by their SHA-256, moments in ISO 8601."""
    document: dict[str, Any] = {}
    for column in table.columns:
        if column.name in _DERIVED or (column.foreign_keys and column.name == "match_list"):
            continue
        value = row[column.name]
        if isinstance(value, datetime):
            value = moment(value)
        elif isinstance(column.type, Text):
            value = f"sha256:{sha256(value)}"
        document[column.name] = value
    return document


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
