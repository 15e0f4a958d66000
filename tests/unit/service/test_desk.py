"""Recorded first, then handed out."""

from __future__ import annotations

import pytest

from matcher.errors import LogUnavailable, RequestRefused
from matcher.log import ListQuery, LoggedList
from matcher.pipeline import Matcher
from matcher.records import Filters
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.fakes import need, request
from tests.unit.service.full_disk import SmallDisk


def test_an_answer_is_on_record_when_it_is_returned(small_desk: Desk, log: SqlMatchLog) -> None:
    given = small_desk.answer(request(), asked_by="an advisor", request_id="call-7")
    other = SqlMatchLog(log.database.url)
    assert other.get(given.list_id) == given
    assert (given.asked_by, given.request_id) == ("an advisor", "call-7")
    other.close()


def test_the_answer_is_the_matchers_own(small_desk: Desk, small_matcher: Matcher) -> None:
    assert small_desk.answer(request(k=2), asked_by="an advisor").answer == small_matcher.match(request(k=2))


def test_a_log_that_fails_means_no_answer(small_desk: Desk, log: SqlMatchLog) -> None:
    disk = SmallDisk(log)
    disk.fill()
    with pytest.raises(LogUnavailable, match="full"):
        small_desk.answer(request(need=need("Lung models for inhalation toxicology. " * 200)), asked_by="an advisor")
    assert log.lists(ListQuery(limit=1)) == []
    disk.free()
    assert small_desk.answer(request(), asked_by="an advisor").list_id == log.lists(ListQuery(limit=1))[0].list_id


def test_a_refused_request_leaves_nothing_on_record(small_desk: Desk, log: SqlMatchLog) -> None:
    with pytest.raises(RequestRefused, match="nowhere"):
        small_desk.answer(request(filters=Filters(regions=("nowhere",))), asked_by="an advisor")
    assert log.lists(ListQuery(limit=1)) == []


def test_the_record_names_the_engine_with_all_its_components(small_desk: Desk, log: SqlMatchLog) -> None:
    given = small_desk.answer(request(), asked_by="an advisor")
    assert given.answer.engine == small_desk.matcher.fingerprint
    with log.database.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT fingerprint, components FROM engines").one()
    assert row[0] == given.answer.engine
    assert '"encoder": "fake-1"' in row[1]


def test_each_answer_has_an_id_and_a_request_id_of_its_own(small_desk: Desk) -> None:
    given: list[LoggedList] = [small_desk.answer(request(), asked_by="an advisor") for _ in range(3)]
    assert len({one.list_id for one in given}) == 3
    assert len({one.request_id for one in given} - {""}) == 3
