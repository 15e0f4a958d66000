"""What was put in beside the chain is found too, and values of kinds that Crossmatch never writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from service.record.chain import BEGINNING, as_mapping, canonical, entry_hash
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries, metadata
from service.record.verifying import verified
from tests.unit.service.entries import FIRST_DAY
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.tampering import broken, run
from tests.unit.service.record.whole_record import KINDS, fill

NEW_KEY: dict[str, dict[str, Any]] = {
    "engines": {"fingerprint": "engine-2"},
    "match_lists": {"id": 99, "list_id": "l-99"},
    "keys": {"key_id": "cccccccc"},
    "revocations": {"key_id": "aaaaaaaa"},
    "batches": {"batch_id": "b-2"},
    "batch_closings": {"batch_id": "b-2"},
}


def add_like_first(connection: Connection, name: str, **changed: Any) -> None:
    table = metadata.tables[name]
    row = as_mapping(connection.execute(select(table).limit(1)).one())
    connection.execute(insert(table).values({**row, **changed}))


@pytest.mark.parametrize("name", NEW_KEY)
def test_a_row_beside_the_chain_is_found(changing: Connection, name: str) -> None:
    add_like_first(changing, name, **NEW_KEY[name])
    broken(changing, rf"table {name} of the record$")


def test_a_match_added_to_a_list_is_found(changing: Connection) -> None:
    add_like_first(changing, "matches", id=99, rank=3)
    assert broken(changing, r"entry 2 of the record \(match list l-1\)").found == "3"


@pytest.mark.parametrize("name", ["matches", "confidential"])
def test_rows_of_no_list_are_found(changing: Connection, name: str) -> None:
    add_like_first(changing, name, match_list=99, **({"id": 99} if name == "matches" else {}))
    broken(changing, rf"table {name} of the record$")


def test_a_whole_list_beside_the_chain_is_found(changing: Connection) -> None:
    add_like_first(changing, "match_lists", id=99, list_id="l-99")
    add_like_first(changing, "matches", id=99, match_list=99)
    add_like_first(changing, "confidential", match_list=99)
    assert broken(changing, r"table match_lists of the record$").found == "7 rows"


@pytest.mark.parametrize("kind", ["match list", "step", "anything"])
def test_an_entry_with_a_made_up_hash_is_found(changing: Connection, kind: str) -> None:
    row = {"seq": len(KINDS) + 1, "kind": kind, "recorded_at": FIRST_DAY.replace(tzinfo=None), "recorded_by": "", "body": "{}"}
    newest = changing.execute(select(entries.c.hash).where(entries.c.seq == len(KINDS))).scalar()
    changing.execute(insert(entries).values(**row, previous=newest, hash="f" * 64))
    assert broken(changing, rf"entry {len(KINDS) + 1} of the record").found == "ffffffffffff…"


@pytest.mark.parametrize("body", ["{}", "[]", "7", '{"list": {}}', '{"list": {"list_id": "l-1"}}', "null"])
def test_an_entry_that_says_nothing_of_its_kind_is_found_even_with_its_own_hash(changing: Connection, body: str) -> None:
    row = {"seq": 1, "kind": "match list", "recorded_at": FIRST_DAY.replace(tzinfo=None), "recorded_by": "", "match_list": 1}
    whole = {**row, "match": None, "body": body, "previous": BEGINNING}
    changing.execute(update(entries).where(entries.c.seq == 1).values(**whole, hash=entry_hash(whole)))
    broken(changing, r"entry 1 of the record")


def test_a_step_of_another_match_is_found_even_with_its_own_hash(changing: Connection) -> None:
    step = dict(as_mapping(changing.execute(select(entries).where(entries.c.seq == 4)).one()))
    step["match"] = 1
    changing.execute(update(entries).where(entries.c.seq == 4).values(match=1, hash=entry_hash(step)))
    found = broken(changing, r"entry 4 of the record \(step\)")
    assert (found.required, found.found) == ("be about the match that it names", "match 1")


def test_a_chain_made_anew_is_seen_only_by_who_kept_the_head(filled_once: SqlMatchLog, changing: Connection) -> None:
    kept = filled_once.verify()
    run(changing, "UPDATE match_lists SET asked_by = 'somebody else' WHERE id = 1")
    previous = BEGINNING
    for row in changing.execute(select(entries).order_by(entries.c.seq)).all():
        whole = dict(as_mapping(row)) | {"previous": previous}
        if row.seq == 2:
            told = json.loads(row.body)
            told["list"]["asked_by"] = whole["recorded_by"] = "somebody else"
            whole["body"] = canonical(told)
        whole["hash"] = previous = entry_hash(whole)
        changing.execute(update(entries).where(entries.c.seq == row.seq).values(whole))
    assert verified(changing).seq == kept.seq
    assert verified(changing).hash != kept.hash


@pytest.fixture(scope="module")
def loose_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    log = SqlMatchLog(f"sqlite:///{tmp_path_factory.mktemp('loose') / 'log.sqlite3'}")
    fill(log)
    yield log
    log.close()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("entries SET recorded_at = 'never' WHERE seq = 3", "entry 3 "),
        ("entries SET recorded_at = 7 WHERE seq = 3", "entry 3 "),
        ("entries SET recorded_at = replace(recorded_at, ' ', 'T') WHERE seq = 3", "entry 3 "),
        ("entries SET body = x'ff' WHERE seq = 3", "entry 3 "),
        ("entries SET recorded_by = x'ff' WHERE seq = 3", "entry 3 "),
        ("match_lists SET created_at = 'never' WHERE id = 2", "entry 3 "),
        ("match_lists SET created_at = replace(created_at, ' ', 'T') WHERE id = 2", "entry 3 "),
        ("match_lists SET request = x'ff' WHERE id = 2", "entry 3 "),
        ("match_lists SET company = x'ff' WHERE id = 2", "entry 3 "),
        ("matches SET cross_border = 7 WHERE id = 3", "entry 3 "),
        ("matches SET cross_border = 'yes' WHERE id = 3", "entry 3 "),
        ("matches SET score = 'much' WHERE id = 3", "entry 3 "),
        ("matches SET rank = x'ff' WHERE id = 3", "entry 3 "),
        ("confidential SET words = x'ff' WHERE match_list = 2", "entry 3 "),
        ("confidential SET salt = 7 WHERE match_list = 2", "entry 3 "),
        ("engines SET components = x'ff'", "entry 1 "),
        ("keys SET expires_at = 'never' WHERE key_id = 'aaaaaaaa'", "entry 5 "),
        ("revocations SET revoked_at = 0", "entry 8 "),
    ],
)
def test_values_of_another_type_which_sqlite_takes_are_found(loose_file: SqlMatchLog, change: str, place: str) -> None:
    with Outside(loose_file.database.url).unhindered() as connection:
        run(connection, f"UPDATE {change}")
        broken(connection, place)
        connection.rollback()
