"""Proves the chain: every entry follows from the one before, and every row is as its entry says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Connection, DateTime, Row, Select, Table, func, select, type_coerce
from sqlalchemy.types import NullType

from embeddings.errors import Refusal
from matcher.errors import RecordBroken
from matcher.log import Head
from service.record.chain import BEGINNING, as_mapping, commitment, entry_hash, row_document
from service.record.rows import key_of_company
from service.record.tables import (
    answers,
    application_steps,
    applications,
    batch_closings,
    batches,
    confidential,
    engines,
    entries,
    keys,
    links,
    match_lists,
    matches,
    note_words,
    notes,
    programmes,
    provider_steps,
    revocations,
)

_ROWS_AT_ONCE = 500
_ROWS: dict[str, tuple[str, Table, str]] = {
    "engine": ("what the engine consisted of", engines, "fingerprint"),
    "key made": ("the key", keys, "key_id"),
    "key revoked": ("the revocation", revocations, "key_id"),
    "batch opened": ("the batch", batches, "batch_id"),
    "batch closed": ("the end of the batch", batch_closings, "batch_id"),
    "programme adopted": ("the rules", programmes, "version"),
    "application": ("the application", applications, "application_id"),
    "application step": ("the step", application_steps, "seq"),
    "provider step": ("the step", provider_steps, "seq"),
    "link made": ("the link", links, "link_id"),
    "answer": ("the answer", answers, "seq"),
}
"""Kind of entry → what it speaks of, its table, and the column that names its row."""


def verified(connection: Connection) -> Head:
    """The head of the chain, once everything was checked.

    Args:
        connection: in a transaction that reads of one moment.

    Raises:
        RecordBroken: names the first entry that does not hold, and what of it.
    """
    check = _Check(connection)
    pages = _stored(entries).order_by(entries.c.seq).limit(_ROWS_AT_ONCE)
    while rows := connection.execute(pages.where(entries.c.seq > check.head.seq)).all():
        for row in rows:
            check.entry(row)
    check.nothing_beside_the_chain()
    return check.head


class _Check:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.head = Head(seq=0, hash=BEGINNING)
        erased = select(entries.c.match_list).where(entries.c.kind == "erasure")
        self._erased = frozenset(connection.execute(erased).scalars())
        self._covered: Counter[str] = Counter()
        """Rows of each table that an entry speaks of."""

    def entry(self, row: Row[Any]) -> None:
        """Check the entry that comes next."""
        place = f"entry {row.seq} of the record ({row.kind})"
        if row.seq != self.head.seq + 1:
            found = f"{row.seq} after {self.head.seq}"
            raise _broken(f"entry {self.head.seq + 1} of the record", "be there: numbers have no gaps", found)
        if row.previous != self.head.hash:
            raise _broken(place, f"carry the hash of entry {self.head.seq}, {_short(self.head.hash)}", _short(row.previous))
        try:
            computed = entry_hash(as_mapping(row))
            if row.hash != computed:
                raise _broken(place, f"have the hash of what it says, {_short(computed)}", _short(row.hash))
            self._what_it_speaks_of(place, row, json.loads(row.body))
        except Refusal:
            raise
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # Values of a kind that Crossmatch never writes; SQLite takes any in any column.
            raise _broken(place, "say what an entry of its kind says", f"{type(error).__name__}: {error}") from error
        self.head = Head(seq=row.seq, hash=row.hash)

    def nothing_beside_the_chain(self) -> None:
        """Every row of every table has its entry: whatever was put in without one is found here."""
        for table in (match_lists, matches, confidential, notes, note_words, *(table for _, table, _ in _ROWS.values())):
            count = self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            if count != self._covered[table.name]:
                wanted = f"hold {self._covered[table.name]} rows, those of which the entries speak"
                raise _broken(f"table {table.name} of the record", wanted, f"{count} rows")

    def _what_it_speaks_of(self, place: str, row: Row[Any], said: Mapping[str, Any]) -> None:
        if row.kind == "match list":
            self._match_list(place, row, said)
        elif row.kind == "note":
            self._note(place, row, said)
        elif row.kind in _ROWS:
            self._same_row(place, *_ROWS[row.kind], said)
        elif row.kind == "step" and said["match_id"] != row.match:
            raise _broken(place, "be about the match that it names", f"match {row.match}")

    def _match_list(self, place: str, row: Row[Any], said: Mapping[str, Any]) -> None:
        place = f"{place[:-1]} {said['list']['list_id']})"
        there = self._connection.execute(_stored(match_lists).where(match_lists.c.id == row.match_list)).one_or_none()
        if there is None:
            raise _broken(place, "have its match list", "none")
        derived = {"company_key": key_of_company(there.company, there.country)}
        _compare(place, "the list", {"batch": None} | said["list"] | derived, self._document(match_lists, there))
        chosen = _stored(matches).where(matches.c.match_list == there.id).order_by(matches.c.rank, matches.c.id)
        given = self._connection.execute(chosen).all()
        if len(given) != len(said["matches"]):
            raise _broken(place, f"have {len(said['matches'])} matches", str(len(given)))
        for match, wanted in zip(given, said["matches"], strict=True):
            _compare(place, f"match {wanted['rank']}", wanted, self._document(matches, match))
        self._words(place, there.id, said["words"])

    def _words(self, place: str, key: int, committed: str) -> None:
        words = self._connection.execute(select(confidential).where(confidential.c.match_list == key)).one_or_none()
        self._same_words(place, confidential, key, words, committed)

    def _same_words(self, place: str, table: Table, key: int, words: Row[Any] | None, committed: str) -> None:
        whose = "the need" if table is confidential else "the note"
        if key in self._erased:
            if words is not None:
                raise _broken(place, f"have no words of {whose} after their erasure", "some")
            return
        if words is None:
            raise _broken(place, f"have the words of {whose}, for no erasure is on record", "none")
        if commitment(words.salt, words.words) != committed:
            raise _broken(place, f"have the words of {whose} as they were given", "other words")
        self._covered[table.name] += 1

    def _note(self, place: str, row: Row[Any], said: Mapping[str, Any]) -> None:
        there = self._connection.execute(_stored(notes).where(notes.c.seq == row.seq)).one_or_none()
        if there is None:
            raise _broken(place, "have the note", "none")
        about = {"match": row.match, "match_list": row.match_list}
        _compare(place, "the note", said["note"] | about, self._document(notes, there) | {"match_list": there.match_list})
        words = self._connection.execute(select(note_words).where(note_words.c.note == row.seq)).one_or_none()
        self._same_words(place, note_words, row.match_list, words, said["words"])

    def _same_row(self, place: str, what: str, table: Table, by: str, said: Mapping[str, Any]) -> None:
        there = self._connection.execute(_stored(table).where(table.c[by] == said[by])).one_or_none()
        if there is None:
            raise _broken(place, f"have {what}", "none")
        _compare(place, what, said, self._document(table, there))

    def _document(self, table: Table, row: Row[Any]) -> dict[str, Any]:
        self._covered[table.name] += 1
        there = as_mapping(row)
        numbered = {name: there[name] for name in ("id", "company_key") if name in there}
        return row_document(table, there) | numbered


def _stored(table: Table) -> Select[Any]:
    """Rows as the database holds them, not as its driver reads them: a moment that is none must not end everything."""
    read = (DateTime, Boolean)
    columns = [type_coerce(one, NullType()).label(one.name) if isinstance(one.type, read) else one for one in table.c]
    return select(*columns)


def _compare(place: str, what: str, said: Mapping[str, Any], there: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if there.get(name) != value:
            raise _broken(place, f"have {name} of {what} as it was recorded, {value!r}", repr(there.get(name)))


def _broken(place: str, required: str, found: str) -> RecordBroken:
    remedy = "Somebody changed the database beside Crossmatch: restore a backup (crossmatch log restore)."
    return RecordBroken(place, required, found, remedy)


def _short(value: str) -> str:
    return f"{value[:12]}…"
