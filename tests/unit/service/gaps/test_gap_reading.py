from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.errors import NotFound
from matcher.records import Filters
from service.gaps import reading
from service.gaps.reading import check_region, day, needs_given, needs_on_record
from service.gaps.samples import sample_needs
from service.record.sql_log import SqlMatchLog
from tests.fakes import need
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry


def put(log: SqlMatchLog, list_id: str, days: int = 0, **about_need: Any) -> None:
    given = {"text": f"Text of {list_id}", "company": f"Company {list_id}", **about_need}
    log.record(entry(list_id, ("bruno", "DE"), created_at=FIRST_DAY + dt.timedelta(days=days), **given), COMPONENTS)


def keys(found: reading.NeedsRead) -> list[str]:
    return [one.key for one in found.needs]


def test_an_empty_record_has_no_needs(log: SqlMatchLog) -> None:
    found = needs_on_record(log)
    assert (found.needs, found.skipped.erased, found.skipped.repeated) == ((), 0, 0)


def test_every_need_is_read_newest_first_over_many_pages(log: SqlMatchLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LISTS_AT_ONCE", 2)
    for number in range(5):
        put(log, f"list-{number}")
    told: list[tuple[int, int]] = []
    found = needs_on_record(log, on_progress=lambda done, total: told.append((done, total)))
    assert keys(found) == [f"list-{number}" for number in (4, 3, 2, 1, 0)]
    assert found.needs[0].need.text == "Text of list-4"
    assert told == [(done, 5) for done in range(1, 6)]


def test_needs_are_chosen_by_region_and_by_day_both_ends_included(log: SqlMatchLog) -> None:
    for number in range(4):
        put(log, f"list-{number}", days=number, region="nl-oost" if number % 2 else "be-liege")
    first = FIRST_DAY.date()
    assert keys(needs_on_record(log, region="nl-oost")) == ["list-3", "list-1"]
    assert keys(needs_on_record(log, since=first + dt.timedelta(days=2))) == ["list-3", "list-2"]
    assert keys(needs_on_record(log, until=first + dt.timedelta(days=1))) == ["list-1", "list-0"]
    assert keys(needs_on_record(log, region="be-liege", since=first, until=first)) == ["list-0"]


def test_erased_needs_are_skipped_and_counted(log: SqlMatchLog) -> None:
    put(log, "kept")
    put(log, "gone")
    log.erase("gone", "a test")
    found = needs_on_record(log)
    assert (keys(found), found.skipped.erased, found.skipped.repeated) == (["kept"], 1, 0)


def test_a_need_that_was_put_again_counts_once_as_it_was_put_last(log: SqlMatchLog) -> None:
    put(log, "first", text="We look for a lab.", company="Acme BV", need_id="n1")
    put(log, "reworded", text="We look for a laboratory.", company="ACME", need_id="n1")
    put(log, "same words", text="We look for a  LAB.", company="acme")
    put(log, "other company", text="We look for a lab.", company="Beta", need_id="n1")
    found = needs_on_record(log)
    assert keys(found) == ["other company", "same words"]
    assert found.skipped.repeated == 2


def test_needs_without_a_company_are_told_apart_by_their_words_alone(log: SqlMatchLog) -> None:
    put(log, "one", text="We look for a lab.", company="", need_id="n1")
    put(log, "two", text="We look for money.", company="", need_id="n1")
    put(log, "three", text="We look for money.", company="", need_id="n2")
    assert keys(needs_on_record(log)) == ["three", "one"]


def test_the_categories_of_the_list_are_read_with_the_need(log: SqlMatchLog) -> None:
    given = entry("one", ("bruno", "DE"))
    request = given.answer.request.model_copy(update={"filters": Filters(categories=("finance",))})
    answer = given.answer.model_copy(update={"request": request})
    log.record(given.model_copy(update={"answer": answer}), COMPONENTS)
    assert needs_on_record(log).needs[0].categories == ("finance",)


def test_needs_of_a_file_are_kept_once_and_the_last_line_counts() -> None:
    given = [
        need("We look for a lab.", company="Acme", need_id="1"),
        need("Money", company="Acme"),
        need("Lab", company="Acme", need_id="1"),
    ]
    found = needs_given(given)
    assert [one.need.text for one in found.needs] == ["Lab", "Money"]
    assert found.skipped.repeated == 1
    assert needs_given([need(region="nl-oost"), need("Money")], "nl-oost").needs[0].need.region == "nl-oost"


def test_sample_needs_come_once_each_with_five_wordings_beside() -> None:
    read, translations = sample_needs()
    assert len(read.needs) == len(translations) == 28
    assert {len(ways) for ways in translations.values()} == {5}
    few, of_few = sample_needs("nl-oost")
    assert {one.need.region for one in few.needs} == {"nl-oost"}
    assert set(of_few) == {one.key for one in few.needs}


def test_a_region_that_nobody_knows_is_refused_with_those_that_are() -> None:
    check_region("nl-oost", ["nl-oost", ""])
    with pytest.raises(NotFound, match=r"option --region must be one of be-liege, nl-oost\. Got 'nl-ost'"):
        check_region("nl-ost", ["nl-oost", "be-liege", ""])


def test_days_are_read_and_others_refused() -> None:
    assert day("2026-01-31", "--since") == dt.date(2026, 1, 31)
    assert day(None, "--since") is None
    with pytest.raises(Refusal, match="option --until must be a day as in 2026-01-31"):
        day("yesterday", "--until")
