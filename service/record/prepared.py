"""Match lists made ready to be written, one or many in a transaction: the record's lock is held only to write."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, text

from matcher.log import Head, LoggedList
from service.record.chain import ChainEnd, NewEntry, commitment, row_document
from service.record.confidential import words_of
from service.record.rows import list_row, match_rows
from service.record.tables import confidential, match_lists, matches

_LISTS, _MATCHES, _WORDS = insert(match_lists), insert(matches), insert(confidential)
_LAST_NUMBER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_NEXT_NUMBERS = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")


class PreparedList(NamedTuple):
    """A list as rows, and what the chain says of them."""

    row: dict[str, Any]
    matches: list[dict[str, Any]]
    words: str
    salt: str
    listed: dict[str, Any]
    """The chain's document of the list."""
    covered: list[dict[str, Any]]
    """And of its matches."""


def prepared(entry: LoggedList) -> PreparedList:
    """Everything about a list that can be made before it is written."""
    row, rows = list_row(entry), match_rows(entry.answer)
    listed, covered = row_document(match_lists, row), [row_document(matches, match) for match in rows]
    return PreparedList(row, rows, words_of(entry.answer), secrets.token_hex(32), listed, covered)


def write_lists(chain: ChainEnd, lists: Sequence[PreparedList]) -> Head:
    """Add the lists to the record in their order; their engines are on record already.

    Args:
        chain: within a transaction that holds the lock.
        lists: at least one.

    Returns:
        The head after the last of them.
    """
    connection = chain.connection
    keys = _next_numbers(connection, match_lists, len(lists))
    numbers = _next_numbers(connection, matches, sum(len(one.matches) for one in lists))
    bounds = [0]
    for one in lists:
        bounds.append(bounds[-1] + len(one.matches))
    of_each = [numbers[start:end] for start, end in pairwise(bounds)]
    connection.execute(_LISTS, [{**one.row, "id": key} for one, key in zip(lists, keys, strict=True)])
    rows = [
        {**match, "id": number, "match_list": key}
        for one, key, own in zip(lists, keys, of_each, strict=True)
        for match, number in zip(one.matches, own, strict=True)
    ]
    if rows:
        connection.execute(_MATCHES, rows)
    connection.execute(
        _WORDS, [{"match_list": key, "salt": one.salt, "words": one.words} for one, key in zip(lists, keys, strict=True)]
    )
    return chain.append_each([_entry(one, key, own) for one, key, own in zip(lists, keys, of_each, strict=True)])


def _entry(one: PreparedList, key: int, numbers: Sequence[int]) -> NewEntry:
    body = {
        "list": one.listed,
        "matches": [{**match, "id": number} for match, number in zip(one.covered, numbers, strict=True)],
        "words": commitment(one.salt, one.words),
    }
    return NewEntry("match list", body, one.row["asked_by"], one.row["created_at"].replace(tzinfo=UTC), match_list=key)


def _next_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """Numbers for new rows, ascending. Taken beforehand, so that many rows are one statement that gives nothing back."""
    if connection.dialect.name == "postgresql":
        taken = connection.execute(_NEXT_NUMBERS, {"table": table.name, "count": count})
        return sorted(taken.scalars())
    # Nobody else takes one: this transaction has the database for itself. A number is never used twice, as AUTOINCREMENT
    # promises, because it is counted from the largest that there ever was.
    last = connection.execute(_LAST_NUMBER, {"table": table.name}).scalar() or 0
    return list(range(last + 1, last + 1 + count))
