"""After an erasure nothing of the need's words is anywhere in the database, and everything else is as it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from matcher.errors import KeyReused, LogUnavailable, NotFound
from matcher.log import ListQuery, LoggedList, MatchQuery, Once
from matcher.records import MatchList
from service.record import database
from service.record.confidential import ERASED
from service.record.sql_log import SqlMatchLog
from service.record.tables import entries
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry, spoken
from tests.unit.service.record.outside import Outside

RARE = "Quokkavirus"
ONCE = Once(caller="a", key="k", request=f"POST {RARE}")


def telling(list_id: str, word: str = RARE, *, times: int = 1, created_at: datetime = FIRST_DAY) -> LoggedList:
    """A list whose need says a rare word in every place that repeats it."""
    given = entry(
        list_id, ("aqua", "NL"), ("bruno", "DE"), created_at=created_at, company="Nasovax", text=f"{word} tests. " * times
    )
    answer = given.answer
    said = spoken(need_sentence=f"We look for {word} models.", terms=(word, "lung"))
    own_words = {"evidence": (said, spoken()), "because": (f"the need names {word}",)}
    matches = tuple(match.model_copy(update=own_words) for match in answer.matches)
    need = answer.request.need.model_copy(update={"title": f"{word} wanted"})
    request = answer.request.model_copy(update={"need": need})
    told = MatchList.model_validate(answer.model_copy(update={"matches": matches, "request": request}).model_dump())
    return given.model_copy(update={"answer": told})


def raw(log: SqlMatchLog) -> bytes:
    """Everything that SQLite has on the disk: the file, and those beside it."""
    file = Path(str(make_url(log.database.url).database))
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))


def test_the_word_stands_in_text_title_sentences_terms_and_reasons_before(any_log: SqlMatchLog, outside: Outside) -> None:
    given = any_log.record(telling("l-1"), COMPONENTS)
    assert any_log.get("l-1") == given == telling("l-1")
    assert outside.everything().count(RARE) == 2 + 3 * len(given.answer.matches)


def test_after_an_erasure_the_word_is_in_no_column(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(telling("l-1"), COMPONENTS, ONCE)
    any_log.erase("l-1", "an officer")
    assert RARE not in outside.everything()
    assert RARE not in any_log.get("l-1").model_dump_json()
    assert RARE not in "".join(one.model_dump_json() for one in any_log.every_match())


def test_after_an_erasure_the_word_is_nowhere_on_the_disk(log: SqlMatchLog) -> None:
    log.record(telling("l-1", times=400), COMPONENTS)
    for number in range(5):
        log.record(telling(f"other-{number}", "wombat"), COMPONENTS)
    assert RARE.encode() in raw(log)
    log.erase("l-1", "an officer")
    assert RARE.encode() not in raw(log)
    assert b"wombat" in raw(log)


@pytest.mark.parametrize("seed", [0, 1])
def test_words_that_sqlite_moved_about_leave_no_copies_either(log: SqlMatchLog, seed: int) -> None:
    # Rows of all lengths, taken out in any order: SQLite joins pages that have become too empty.
    chance = random.Random(seed)
    ids = [f"l{number:03}" for number in range(60)]
    for list_id in ids:
        log.record(telling(list_id, f"rare{list_id}", times=chance.choice([1, 3, 10, 40])), COMPONENTS)
    chance.shuffle(ids)
    for erased, list_id in enumerate(ids, start=1):
        log.erase(list_id, "an officer")
        if erased % 12 == 0:
            left = raw(log)
            assert [one for one in ids[:erased] if f"rare{one}".encode() in left] == []
            assert all(f"rare{one}".encode() in left for one in ids[erased:])
    log.verify()


def test_the_list_reads_back_without_words_and_all_else_as_it_was(any_log: SqlMatchLog) -> None:
    given = any_log.record(telling("l-1"), COMPONENTS)
    before = datetime.now(UTC)
    erasure = any_log.erase("l-1", "an officer")
    assert before <= erasure.erased_at <= datetime.now(UTC)
    assert (erasure.list_id, erasure.erased_by) == ("l-1", "an officer")
    found = any_log.get("l-1")
    assert found.erased_at == erasure.erased_at
    assert (found.answer.request.need.text, found.answer.request.need.title) == (ERASED, "")
    for match in found.answer.matches:
        assert match.because == ()
        assert [(one.need_sentence, one.terms) for one in match.evidence] == [("", ())] * 2
    without = {
        "created_at": ...,
        "answer": {"request": {"need": {"text", "title"}}, "matches": {"__all__": {"because", "evidence"}}},
        "erased_at": ...,
    }
    assert found.model_dump(exclude=without) == given.model_dump(exclude=without)
    assert [one.evidence[0].text for one in found.answer.matches] == ["Lung on a chip"] * 2
    assert [one.match for one in any_log.matches(MatchQuery(list_id="l-1"))] == list(found.answer.matches)
    assert any_log.lists(ListQuery(company="Nasovax"))[0].matches == 2


def test_the_chain_holds_after_an_erasure_and_says_who_did_it(any_log: SqlMatchLog) -> None:
    any_log.record(telling("l-1"), COMPONENTS)
    before = any_log.verify()
    any_log.erase("l-1", "an officer")
    assert any_log.verify().seq == before.seq + 1
    assert any_log.entry_hash(before.seq) == before.hash
    with any_log.database.reading() as connection:
        newest = connection.execute(select(entries).order_by(entries.c.seq.desc())).first()
    assert newest is not None
    assert (newest.kind, newest.recorded_by, newest.body) == ("erasure", "an officer", '{"list_id":"l-1"}')


def test_a_second_erasure_changes_nothing(any_log: SqlMatchLog) -> None:
    any_log.record(telling("l-1"), COMPONENTS)
    first = any_log.erase("l-1", "an officer")
    head = any_log.verify()
    assert any_log.erase("l-1", "somebody else") == first
    assert any_log.verify() == head


def test_an_unknown_list_cannot_be_erased(any_log: SqlMatchLog) -> None:
    with pytest.raises(NotFound, match="match list must be in the match log"):
        any_log.erase("nowhere", "an officer")
    assert any_log.verify().seq == 0


def test_the_request_of_an_erased_need_is_forgotten_and_its_key_stays_taken(any_log: SqlMatchLog, outside: Outside) -> None:
    any_log.record(telling("l-1"), COMPONENTS, ONCE)
    kept = Once(caller="a", key="other", request="r")
    any_log.record(telling("l-2"), COMPONENTS, kept)
    any_log.erase("l-1", "an officer")
    head = any_log.verify()
    with pytest.raises(KeyReused, match="a need that was erased"):
        any_log.given_before(ONCE)
    with pytest.raises(KeyReused, match="a need that was erased"):
        any_log.record(telling("l-3"), COMPONENTS, ONCE)
    assert any_log.verify() == head
    assert any_log.given_before(kept) is not None
    assert outside.run("SELECT salt, request FROM idempotency WHERE key = 'k'") == [("", "")]


def test_all_needs_older_than_a_moment_are_erased(any_log: SqlMatchLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.record.sql_log._ROWS_AT_ONCE", 2)
    for day in range(6):
        any_log.record(telling(f"l-{day}", created_at=FIRST_DAY + timedelta(days=day)), COMPONENTS)
    any_log.erase("l-1", "somebody else")
    zone_of_need = (FIRST_DAY + timedelta(days=4)).astimezone()
    assert any_log.erase_before(zone_of_need, "an officer") == 3
    erased = [any_log.get(f"l-{day}").erased_at is not None for day in range(6)]
    assert erased == [True, True, True, True, False, False]
    assert any_log.erase_before(zone_of_need, "an officer") == 0
    any_log.verify()


@contextmanager
def reading_all_the_time(log: SqlMatchLog) -> Iterator[None]:
    with log.database.reading() as connection:
        connection.execute(select(entries)).all()
        yield


def test_traces_that_a_reader_holds_on_to_are_told_of_and_go_with_the_next_try(
    log: SqlMatchLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record(telling("l-1"), COMPONENTS)
    monkeypatch.setattr(database, "_WITH_READERS_S", 0)
    with (
        reading_all_the_time(log),
        pytest.raises(LogUnavailable, match=r"no trace of erased words is left in its files\. Got somebody who reads from it"),
    ):
        log.erase("l-1", "an officer")
    assert log.get("l-1").answer.request.need.text == ERASED
    log.erase("l-1", "an officer")
    assert RARE.encode() not in raw(log)
    log.verify()
