"""Whatever is changed in the database beside Crossmatch is found, and the first entry that no longer holds is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, func, select, update

from service.record.sql_log import SqlMatchLog
from service.record.tables import entries, idempotency, matches, metadata
from service.record.verifying import verified
from tests.unit.service.record.tampering import broken, run
from tests.unit.service.record.whole_record import KINDS

COLUMNS = [
    pytest.param(column, id=f"{table.name}.{column.name}")
    for table in metadata.sorted_tables
    # Kept beside the record, and only for a while.
    if table is not idempotency
    for column in table.c
]
FIRST_ROW = {"engines": 1, "match_lists": 2, "matches": 2, "confidential": 2, "entries": 1, "keys": 5, "revocations": 8}
FIRST_ROW |= {"batches": 10, "batch_closings": 13}
FIRST_ROW |= {"programmes": 14, "applications": 15, "application_steps": 16, "provider_steps": 17, "links": 18, "answers": 19}
FIRST_ROW |= {"notes": 20, "note_words": 20}
"""Table → the entry that speaks of its first row."""


def another(column: Column[Any], value: Any) -> Any:
    if value is None:
        return 1 if column.type.python_type is int else "another"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 100
    if isinstance(value, float):
        return value + 2**-40
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return value[:-1] + ("x" if value[-1:] != "x" else "y")


def test_the_record_as_it_was_written_holds(filled_once: SqlMatchLog, changing: Connection) -> None:
    assert changing.execute(select(entries.c.kind).order_by(entries.c.seq)).scalars().all() == list(KINDS)
    newest = changing.execute(select(entries.c.hash).where(entries.c.seq == len(KINDS))).scalar()
    assert filled_once.verify() == verified(changing)
    assert filled_once.verify().model_dump() == {"seq": len(KINDS), "hash": newest}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("which", ["first", "last"])
def test_a_change_in_any_column_is_found_and_the_entry_named(changing: Connection, column: Column[Any], which: str) -> None:
    table = column.table
    [key] = table.primary_key
    order = key if which == "first" else key.desc()
    row = changing.execute(select(key.label("key"), column.label("value")).order_by(order).limit(1)).one()
    changed = another(column, row.value)
    changing.execute(update(table).where(key == row.key).values({column.name: changed}))
    assert changing.execute(select(func.count()).select_from(table).where(column == changed)).scalar_one() >= 1
    entry_named = r"entry \d+ of the record"
    if which == "first":
        entry_named = rf"entry {FIRST_ROW[table.name]} of the record"
    broken(changing, entry_named)


@pytest.mark.parametrize("name", FIRST_ROW)
def test_a_row_that_was_taken_out_is_missed(changing: Connection, name: str) -> None:
    table = metadata.tables[name]
    [key] = table.primary_key
    run(changing, f"DELETE FROM {name} WHERE {key.name} = (SELECT min({key.name}) FROM {name})")
    broken(changing, rf"entry {FIRST_ROW[name]} of the record")


def test_matches_that_changed_places_are_found(changing: Connection) -> None:
    # A step would tell of another provider then.
    run(changing, *(f"UPDATE matches SET id = {new} WHERE id = {old}" for old, new in ((1, 99), (2, 1), (99, 2))))
    assert changing.execute(select(matches.c.provider_id).order_by(matches.c.id).limit(2)).scalars().all() == ["bruno", "aqua"]
    found = broken(changing, r"entry 2 of the record \(match list l-1\)")
    assert (found.required, found.found) == ("have id of match 1 as it was recorded, 1", "2")


def test_a_list_that_was_turned_over_to_another_company_is_found(changing: Connection) -> None:
    run(changing, "UPDATE match_lists SET company_key = 'NL:somebody else' WHERE list_id = 'l-1'")
    found = broken(changing, r"entry 2 of the record \(match list l-1\)")
    assert found.required == "have company_key of the list as it was recorded, 'NL:nasovax'"


@pytest.mark.parametrize("seq", [seq for seq in range(1, len(KINDS)) if KINDS[seq - 1] != "erasure"])
def test_an_entry_taken_out_of_the_middle_leaves_a_gap(changing: Connection, seq: int) -> None:
    run(changing, f"DELETE FROM entries WHERE seq = {seq}")
    found = broken(changing, rf"entry {seq} of the record$")
    assert (found.required, found.found) == ("be there: numbers have no gaps", f"{seq + 1} after {seq - 1}")


def test_an_erasure_taken_out_leaves_words_missing(changing: Connection) -> None:
    run(changing, "DELETE FROM entries WHERE kind = 'erasure'")
    found = broken(changing, r"entry 7 of the record \(match list l-3\)")
    assert found.required == "have the words of the need, for no erasure is on record"


def test_a_gap_that_was_closed_is_found(changing: Connection) -> None:
    run(changing, "DELETE FROM entries WHERE seq = 4")
    run(changing, *(f"UPDATE entries SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(5, len(KINDS) + 1)))
    assert broken(changing, r"entry 4 of the record \(key made\)").required.startswith("carry the hash of entry 3, ")


def test_entries_that_changed_places_are_found(changing: Connection) -> None:
    run(changing, *(f"UPDATE entries SET seq = {new} WHERE seq = {old}" for old, new in ((2, 99), (3, 2), (99, 3))))
    broken(changing, r"entry 2 of the record")


def test_entries_that_changed_what_they_say_are_found(changing: Connection) -> None:
    [body] = changing.execute(select(entries.c.body).where(entries.c.seq == 2)).scalars()
    changing.execute(update(entries).where(entries.c.seq == 3).values(body=body))
    assert broken(changing, r"entry 3 of the record").required.startswith("have the hash of what it says, ")


def test_a_newest_entry_that_was_taken_out_alone_leaves_rows_without_one(changing: Connection) -> None:
    run(changing, f"DELETE FROM entries WHERE seq = {len(KINDS)}")
    found = broken(changing, r"table match_lists of the record$")
    assert (found.required, found.found) == ("hold 5 rows, those of which the entries speak", "6 rows")


def test_newest_entries_cut_off_with_all_their_rows_are_seen_by_who_kept_the_head(
    filled_once: SqlMatchLog, changing: Connection
) -> None:
    kept = filled_once.verify()
    run(changing, "DELETE FROM confidential WHERE match_list = 6", f"DELETE FROM entries WHERE seq = {kept.seq}")
    run(changing, "DELETE FROM match_lists WHERE id = 6")
    assert verified(changing).seq == kept.seq - 1
    assert changing.execute(select(entries.c.hash).where(entries.c.seq == kept.seq)).scalar() is None


def test_an_erasure_that_was_taken_back_is_found(changing: Connection) -> None:
    run(changing, "INSERT INTO confidential (match_list, salt, words) SELECT 3, salt, words FROM confidential LIMIT 1")
    found = broken(changing, r"entry 7 of the record \(match list l-3\)")
    assert found.required == "have no words of the need after their erasure"


def test_words_taken_out_without_an_erasure_are_missed(changing: Connection) -> None:
    run(changing, "DELETE FROM confidential WHERE match_list = 2")
    found = broken(changing, r"entry 3 of the record \(match list l-2\)")
    assert found.required == "have the words of the need, for no erasure is on record"


def test_words_of_two_needs_that_changed_places_are_found(changing: Connection) -> None:
    moved = ((1, 9), (2, 1), (9, 2))
    run(changing, *(f"UPDATE confidential SET match_list = {new} WHERE match_list = {old}" for old, new in moved))
    assert broken(changing, r"entry 2 of the record \(match list l-1\)").found == "other words"
