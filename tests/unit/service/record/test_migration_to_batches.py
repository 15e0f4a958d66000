"""A record from before there were batches is brought over as it is: every entry keeps its hash, and no list gets a batch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from matcher.errors import RecordBroken
from matcher.log import Head, ListQuery
from service.record.schema import HEAD, version_of
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record import earlier_versions
from tests.unit.service.record.earlier_versions import LISTS
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import opening


@pytest.fixture
def before(blank_url: str) -> list[tuple[object, ...]]:
    """A record at version 0003; numbers and hashes of its entries."""
    earlier_versions.make(blank_url, "0002")
    engine = sa.create_engine(blank_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        earlier_versions.migrate(connection, "0003")
    engine.dispose()
    found = Outside(blank_url).run("SELECT seq, hash FROM entries ORDER BY seq")
    assert len(found) > 5
    return found


@pytest.fixture
def moved(before: list[tuple[object, ...]], blank_url: str) -> Iterator[SqlMatchLog]:
    log = SqlMatchLog(blank_url)
    yield log
    log.close()


def test_every_entry_keeps_its_hash_and_the_chain_holds(moved: SqlMatchLog, before: list[tuple[object, ...]]) -> None:
    with moved.database.reading() as connection:
        assert version_of(connection) == HEAD
    assert Outside(moved.database.url).run("SELECT seq, hash FROM entries ORDER BY seq") == before
    seq, newest = before[-1]
    assert moved.verify() == Head.model_validate({"seq": seq, "hash": newest})


def test_lists_read_back_as_they_were_and_have_no_batch(moved: SqlMatchLog) -> None:
    assert [moved.get(one.list_id) for one in LISTS] == list(LISTS)
    assert {one.batch for one in moved.lists(ListQuery())} == {None}


def test_the_record_goes_on_with_batches_and_without(moved: SqlMatchLog, before: list[tuple[object, ...]]) -> None:
    of_batch = [entry("b-l-1", ("bruno", "DE")).model_copy(update={"batch": "b-1"})]
    SqlBatches(moved).whole(opening(), of_batch, COMPONENTS)
    moved.record(entry("l-9", ("aqua", "NL")), COMPONENTS)
    moved.record_step(new_step("introduced", match_id=4), "an advisor")
    assert moved.verify().seq == len(before) + 5
    assert [one.batch for one in moved.lists(ListQuery(limit=3))] == [None, "b-1", None]


def test_a_list_of_then_that_was_put_into_a_batch_is_found(moved: SqlMatchLog) -> None:
    SqlBatches(moved).whole(opening(), [], COMPONENTS)
    Outside(moved.database.url).tamper("UPDATE match_lists SET batch = 'b-1' WHERE list_id = 'l-1'")
    with pytest.raises(RecordBroken, match="have batch of the list as it was recorded, None"):
        moved.verify()


def test_what_is_new_is_protected_from_the_first_day(moved: SqlMatchLog) -> None:
    SqlBatches(moved).whole(opening(), [], COMPONENTS)
    for sql in ("UPDATE batches SET needs = 7", "DELETE FROM batch_closings", "DELETE FROM batches"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            Outside(moved.database.url).run(sql)
