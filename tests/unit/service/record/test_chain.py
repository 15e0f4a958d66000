"""The chain is what docs/record.md says, so that anybody can check it with SHA-256 and RFC 8785 alone."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.record.chain import BEGINNING, ChainEnd, canonical, entry_hash, moment
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry
from tests.unit.service.record.outside import Outside

COLUMNS = "seq, kind, recorded_at, recorded_by, match_list, match, body, previous, hash"
FIRST = (
    '{"body":{"a":[1,0.1,"é"]},"kind":"engine","match":null,"match_list":null,'
    f'"previous":"{"0" * 64}","recorded_at":"2026-03-01T09:30:00.123456Z","recorded_by":"a test","seq":1}}'
)
"""The first entry in canonical JSON, written by hand."""
WHOLE_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
EXACT = 2**53
"""Numbers up to here are the same whether JSON's reader takes them for whole ones or not."""
NUMBERS = st.integers(1 - EXACT, EXACT - 1) | st.floats(-EXACT, EXACT)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WHOLE_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WHOLE_TEXT, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(WHOLE_TEXT, VALUES, max_size=5)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def filled(log: SqlMatchLog) -> None:
    log.record(entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax", title="Lung models"), COMPONENTS)
    log.record_step(new_step("introduced"), "Zoë, an advisor")
    log.record(entry("l-2"), COMPONENTS)
    log.erase("l-1", "an officer")


def test_every_hash_is_that_of_the_whole_entry_in_canonical_json(any_log: SqlMatchLog, outside: Outside) -> None:
    filled(any_log)
    rows = outside.run(f"SELECT {COLUMNS} FROM entries ORDER BY seq")
    assert [row[1] for row in rows] == ["engine", "match list", "step", "match list", "erasure"]
    previous = "0" * 64
    for number, (seq, kind, at, by, match_list, match, body, before, its_hash) in enumerate(rows, start=1):
        at = datetime.fromisoformat(str(at)).isoformat(timespec="microseconds") + "Z"
        whole = {
            "seq": seq,
            "kind": kind,
            "recorded_at": at,
            "recorded_by": by,
            "match_list": match_list,
            "match": match,
            "body": json.loads(body),
            "previous": before,
        }
        assert (seq, before) == (number, previous)
        assert its_hash == hashlib.sha256(rfc8785.dumps(whole)).hexdigest()
        previous = its_hash
    assert any_log.verify().model_dump() == {"seq": 5, "hash": previous}


def test_what_a_list_was_can_be_proved_from_the_body_of_its_entry(any_log: SqlMatchLog, outside: Outside) -> None:
    given_list = entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax", region="nl-oost", need_id="n-1")
    any_log.record(given_list, COMPONENTS)
    [(body, request, notes, considered)] = outside.run(
        "SELECT e.body, l.request, l.notes, l.considered FROM entries e JOIN match_lists l ON l.id = e.match_list"
    )
    told = json.loads(body)
    assert told["list"] == {
        "list_id": "l-1",
        "request_id": "request-l-1",
        "created_at": "2026-03-01T09:30:00.123456Z",
        "asked_by": "a test",
        "need_id": "n-1",
        "company": "Nasovax",
        "country": "NL",
        "region": "nl-oost",
        "request": f"sha256:{sha256(request)}",
        "language": "en",
        "verdict": "matches",
        "notes": f"sha256:{sha256(notes)}",
        "considered": f"sha256:{sha256(considered)}",
        "engine": "engine-1",
    }
    [(parts, match)] = outside.run("SELECT parts, match FROM matches WHERE rank = 2")
    assert told["matches"][1] == {
        "id": 2,
        "rank": 2,
        "provider_id": "bruno",
        "category": "technology",
        "country": "DE",
        "cross_border": True,
        "score": given_list.answer.matches[1].score,
        "parts": f"sha256:{sha256(parts)}",
        "match": f"sha256:{sha256(match)}",
    }
    [(salt, words)] = outside.run("SELECT salt, words FROM confidential")
    assert told["words"] == sha256(salt + words)
    assert len(salt) == 64
    assert json.loads(words)["request"]["need"] == {"text": given_list.answer.request.need.text, "title": ""}


def test_no_two_needs_share_a_salt(any_log: SqlMatchLog, outside: Outside) -> None:
    for number in range(5):
        any_log.record(entry(f"l-{number}"), COMPONENTS)
    assert len({salt for (salt,) in outside.run("SELECT salt FROM confidential")}) == 5


def test_the_first_entry_has_the_hash_computed_by_hand(log: SqlMatchLog) -> None:
    with log.database.writing() as connection:
        head = ChainEnd.of(connection).append("engine", {"a": [1, 0.1, "é"]}, by="a test", at=FIRST_DAY)
    assert head.model_dump() == {"seq": 1, "hash": sha256(FIRST)}
    assert sha256(FIRST) == "19729d8a68a0ba6246f97e1650bc70959c3aef7bfdb47cbffb1ca08d90194aa7"


def test_an_empty_record_ends_where_it_begins(any_log: SqlMatchLog) -> None:
    assert any_log.verify().model_dump() == {"seq": 0, "hash": BEGINNING}


@pytest.mark.parametrize("at", [FIRST_DAY, FIRST_DAY.astimezone(timezone(timedelta(hours=-7)))])
def test_a_moment_is_put_down_in_utc_to_the_microsecond(log: SqlMatchLog, at: datetime) -> None:
    with log.database.writing() as connection:
        chain = ChainEnd.of(connection)
        assert chain.append("engine", {"a": [1, 0.1, "é"]}, by="a test", at=at).hash == sha256(FIRST)


def test_a_whole_second_is_put_down_with_its_microseconds() -> None:
    assert moment(datetime(2026, 3, 1, 9, 30)) == "2026-03-01T09:30:00.000000Z"
    assert moment("2026-03-01 09:30:00.000000") == "2026-03-01T09:30:00.000000Z"


@pytest.mark.parametrize("text", ["2026-03-01T09:30:00.000000", "never", "", 7, None, b"\xff"])
def test_text_in_another_form_equals_no_moment(text: object) -> None:
    assert not str(moment(text)).endswith("Z")


def test_who_records_now_is_put_down_as_now(log: SqlMatchLog) -> None:
    before = datetime.now(UTC)
    with log.database.writing() as connection:
        ChainEnd.of(connection).append("engine", {}, by="a test")
    [(at,)] = Outside(log.database.url).run("SELECT recorded_at FROM entries")
    assert before <= datetime.fromisoformat(at).replace(tzinfo=UTC) <= datetime.now(UTC)


@given(body=BODIES, by=WHOLE_TEXT)
def test_a_body_in_canonical_json_hashes_like_the_whole_entry(body: dict[str, Any], by: str) -> None:
    row = {"seq": 1, "kind": "step", "recorded_by": by, "match_list": None, "match": 7, "previous": BEGINNING}
    whole = {**row, "recorded_at": "2026-03-01T09:30:00.123456Z", "body": body}
    at = FIRST_DAY.replace(tzinfo=None)
    assert entry_hash({**row, "recorded_at": at, "body": canonical(body)}) == hashlib.sha256(rfc8785.dumps(whole)).hexdigest()


@pytest.fixture(scope="module")
def growing(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """One record for all examples: each goes on where the one before ended."""
    file = tmp_path_factory.mktemp("growing") / "log.sqlite3"
    shutil.copyfile(empty_file, file)
    opened = SqlMatchLog(f"sqlite:///{file}")
    yield opened
    opened.close()


@settings(max_examples=30, deadline=None)
@given(bodies=st.lists(BODIES, min_size=1, max_size=8))
def test_any_body_comes_back_and_holds(growing: SqlMatchLog, bodies: list[Any]) -> None:
    with growing.database.writing() as connection:
        chain = ChainEnd.of(connection)
        before = chain.head.seq
        for body in bodies:
            chain.append("anything", body, by="a test")
        newest = connection.execute(select(entries.c.body).where(entries.c.seq > before).order_by(entries.c.seq))
        assert [json.loads(body) for body in newest.scalars()] == bodies
    assert growing.verify() == chain.head
