"""A batch on record: opened, its lists in one transaction a part, closed with its counts."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from matcher.errors import KeyReused, LogUnavailable, NotFound, RecordBroken
from matcher.log import ListQuery, LoggedList, Once
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import opening

ONCE = Once(caller="a", key="k", request="r")


@pytest.fixture
def batches(any_log: SqlMatchLog) -> SqlBatches:
    return SqlBatches(any_log)


def of_batch(list_id: str, *providers: tuple[str, str], batch: str = "b-1", **about: Any) -> LoggedList:
    return entry(list_id, *providers, **about).model_copy(update={"batch": batch})


LISTS = [
    of_batch("l-1", ("aqua", "NL"), ("bruno", "DE"), region="nl-oost", need_id="n-1"),
    of_batch("l-2", need_id="n-2"),
    of_batch("l-3", ("carla", "BE"), region="be-liege", need_id="n-3"),
]


def test_lists_are_on_record_as_given_out_and_tell_their_batch(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    any_log.record(entry("l-0", ("aqua", "NL")), COMPONENTS)
    batches.open(opening(), COMPONENTS)
    batches.record(LISTS[:2])
    batches.record(LISTS[2:])
    assert [any_log.get(one.list_id) for one in LISTS] == LISTS
    assert [one.match_id for one in any_log.every_match()] == [1, 2, 3, 4]
    assert [one.list_id for one in any_log.lists(ListQuery(batch="b-1"))] == ["l-3", "l-2", "l-1"]
    assert [one.batch for one in any_log.lists(ListQuery())] == ["b-1"] * 3 + [None]
    assert any_log.lists(ListQuery(batch="b-2")) == []
    assert any_log.verify().seq == 6


def test_many_lists_are_written_as_each_would_be_alone(any_log: SqlMatchLog, batches: SqlBatches, tmp_path: Path) -> None:
    """But for the salts and what follows from them."""
    with closing(SqlMatchLog(f"sqlite:///{tmp_path / 'alone.sqlite3'}")) as alone:
        for log in (any_log, alone):
            SqlBatches(log).open(opening(), COMPONENTS)
        batches.record(LISTS)
        for one in LISTS:
            alone.record(one, COMPONENTS)
        told = [
            Outside(log.database.url).run("SELECT kind, match_list, body FROM entries ORDER BY seq") for log in (any_log, alone)
        ]
        bodies = [[(kind, key, json.loads(body) | {"words": ""}) for kind, key, body in of_log] for of_log in told]
        assert bodies[0] == bodies[1]
        assert [any_log.get(one.list_id) for one in LISTS] == [alone.get(one.list_id) for one in LISTS]


def test_a_batch_tells_how_it_stands(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.open(opening(needs=3), COMPONENTS)
    going_on = batches.get("b-1")
    assert (going_on.opening, going_on.closing, going_on.lists) == (opening(needs=3), None, 0)
    batches.record(LISTS)
    assert batches.get("b-1").lists == 3
    before = datetime.now(UTC)
    closed = batches.close("b-1", "an organiser")
    assert closed == batches.get("b-1")
    assert closed.closing is not None
    told = closed.closing.model_dump(exclude={"closed_at"})
    assert told == {
        "batch_id": "b-1",
        "closed_by": "an organiser",
        "lists": 3,
        "without_match": 1,
        "matches": 3,
        "cross_border": 2,
    }
    assert before <= closed.closing.closed_at <= before + timedelta(hours=1)
    assert any_log.verify().seq == 6


def test_opening_and_closing_a_second_time_change_nothing(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.open(opening(), COMPONENTS)
    batches.open(opening(source="another.csv"), COMPONENTS)
    closed = batches.close("b-1", "an organiser")
    assert batches.close("b-1", "somebody else") == closed
    assert closed.opening.source == "needs.csv"
    assert any_log.verify().seq == 3


def test_a_batch_without_lists_is_one_too(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.open(opening(needs=0), COMPONENTS)
    batches.record([])
    closed = batches.close("b-1", "an organiser").closing
    assert closed is not None
    assert (closed.lists, closed.matches, closed.cross_border) == (0, 0, 0)
    any_log.verify()


def test_one_list_that_cannot_be_written_leaves_none_of_them(
    any_log: SqlMatchLog, batches: SqlBatches, outside: Outside
) -> None:
    batches.open(opening(), COMPONENTS)
    outside.refuse_second_rank()
    with pytest.raises(LogUnavailable, match="no_second"):
        batches.record(LISTS)
    assert any_log.lists(ListQuery()) == []
    assert any_log.verify().seq == 2
    outside.allow_second_rank()
    batches.record(LISTS)
    assert any_log.verify().seq == 5


def test_no_list_is_recorded_twice(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.open(opening(), COMPONENTS)
    batches.record(LISTS[:2])
    with pytest.raises(LogUnavailable):
        batches.record(LISTS[1:])
    assert [one.list_id for one in any_log.lists(ListQuery())] == ["l-2", "l-1"]
    any_log.verify()


def test_a_list_of_a_batch_that_was_never_opened_is_refused(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    any_log.record(entry("l-0"), COMPONENTS)
    with pytest.raises(LogUnavailable, match=r"(?i)foreign key"):
        batches.record([of_batch("l-1", batch="b-9")])
    assert any_log.verify().seq == 2


def test_a_batch_nobody_opened_is_not_found(batches: SqlBatches) -> None:
    for name in ("b-9", "", "half \udcff"):
        with pytest.raises(NotFound, match="batch must be in the match log"):
            batches.get(name)
    with pytest.raises(NotFound):
        batches.close("b-9", "an organiser")


def test_its_lists_come_page_by_page_in_the_order_of_its_needs(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.whole(opening(), LISTS, COMPONENTS)
    any_log.record(entry("l-9", region="nl-oost"), COMPONENTS)
    first = batches.lists("b-1", limit=2)
    assert [(one.list_id, one.matches, one.cross_border) for one in first] == [("l-1", 2, 1), ("l-2", 0, 0)]
    assert [one.list_id for one in batches.lists("b-1", after=first[-1].number)] == ["l-3"]
    assert [one.list_id for one in batches.lists("b-1", region="nl-oost")] == ["l-1"]
    assert batches.lists("b-1", after=2**62) == batches.lists("b-9") == []


class TestWhole:
    def test_it_is_opened_filled_and_closed_at_once(self, any_log: SqlMatchLog, batches: SqlBatches) -> None:
        batch = batches.whole(opening(), LISTS, COMPONENTS)
        assert batch.closing is not None
        assert (batch.lists, batch.closing.lists, batch.closing.matches) == (3, 3, 3)
        assert [any_log.get(one.list_id) for one in LISTS] == LISTS
        assert any_log.components("engine-1") == COMPONENTS
        assert any_log.verify().seq == 6

    def test_a_failure_leaves_nothing_of_it(self, any_log: SqlMatchLog, batches: SqlBatches, outside: Outside) -> None:
        outside.refuse_second_rank()
        with pytest.raises(LogUnavailable):
            batches.whole(opening(), LISTS, COMPONENTS)
        assert any_log.verify().seq == 0
        with pytest.raises(NotFound):
            batches.get("b-1")
        outside.allow_second_rank()
        batches.whole(opening(), LISTS, COMPONENTS)
        assert any_log.components("engine-1") == COMPONENTS

    def test_the_same_request_under_the_same_key_makes_one_batch(self, any_log: SqlMatchLog, batches: SqlBatches) -> None:
        first = batches.whole(opening(), LISTS, COMPONENTS, ONCE)
        again = batches.whole(opening("b-2"), [of_batch("l-9", batch="b-2")], COMPONENTS, ONCE)
        assert again == first == batches.given_before(ONCE)
        assert any_log.verify().seq == 6

    def test_another_request_under_the_same_key_is_refused(self, batches: SqlBatches) -> None:
        batches.whole(opening(), [], COMPONENTS, ONCE)
        other = Once(caller="a", key="k", request="another")
        with pytest.raises(KeyReused):
            batches.whole(opening("b-2"), [], COMPONENTS, other)
        with pytest.raises(KeyReused):
            batches.given_before(other)
        assert batches.given_before(Once(caller="b", key="k", request="r")) is None


def test_companies_whose_matches_went_on_are_known(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    any_log.record(entry("l-1", ("aqua", "NL"), company="Nasovax B.V."), COMPONENTS)
    any_log.record(entry("l-2", ("aqua", "NL"), company="Cellix"), COMPONENTS)
    asked = [("NASOVAX", "NL"), ("Nasovax", "DE"), ("Cellix", "NL"), ("", "NL"), ("nasovax", "NL")]
    assert batches.known_companies(asked) == [False] * 5
    any_log.record_step(new_step("introduced"), "an advisor")
    assert batches.known_companies(asked) == [True, False, False, False, True]
    assert batches.known_companies([]) == []


class TestTampering:
    """Lists of before there were batches are covered too: none can be put into one."""

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE match_lists SET batch = 'b-1' WHERE list_id = 'l-0'",
            "UPDATE match_lists SET batch = NULL WHERE list_id = 'l-1'",
            "UPDATE batches SET needs = 7",
            "UPDATE batch_closings SET cross_border = 7",
        ],
    )
    def test_a_list_that_changed_its_batch_and_a_count_that_changed_are_found(
        self, any_log: SqlMatchLog, batches: SqlBatches, outside: Outside, change: str
    ) -> None:
        any_log.record(entry("l-0"), COMPONENTS)
        batches.whole(opening(), LISTS, COMPONENTS)
        any_log.verify()
        with pytest.raises(SQLAlchemyError, match="the record is append-only"):
            outside.run(change)
        outside.tamper(change)
        with pytest.raises(RecordBroken):
            any_log.verify()


def test_times_are_told_in_utc_whatever_the_zone(any_log: SqlMatchLog, batches: SqlBatches) -> None:
    batches.open(opening(opened_at=FIRST_DAY.isoformat().replace("+00:00", "+02:00")), COMPONENTS)
    assert batches.get("b-1").opening.opened_at == FIRST_DAY - timedelta(hours=2)
    any_log.verify()
