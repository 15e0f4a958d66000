"""What the record tells of matches, companies and regions once steps were taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matcher.errors import NotFound
from matcher.log import ListQuery
from service.record import sql_log
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry

EAST: dict[str, Any] = {"country": "NL", "region": "nl-oost"}
DANISH: dict[str, Any] = {"country": "DK", "region": "dk-danmark"}


@pytest.fixture
def filled(any_log: SqlMatchLog) -> SqlMatchLog:
    """Matches 1-2 of Nasovax, 3 of a Danish company of that name, 4-5 of Nasovax again, 6 of a need without a company."""
    any_log.record(entry("l-1", ("aqua", "NL"), ("bruno", "DE"), company="Nasovax B.V.", **EAST), COMPONENTS)
    any_log.record(entry("l-2", ("erik", "DK"), company="Nasovax", **DANISH), COMPONENTS)
    any_log.record(entry("l-3", ("bruno", "DE"), ("carla", "BE"), company="NASOVÁX", **EAST), COMPONENTS)
    any_log.record(entry("l-4", ("bruno", "DE"), **EAST), COMPONENTS)
    return any_log


def record_steps(log: SqlMatchLog, *steps: tuple[int, str]) -> None:
    for match_id, kind in steps:
        log.record_step(new_step(kind, match_id=match_id), "a test")


def told(histories: Any) -> list[tuple[int, list[str]]]:
    return [(one.match.match_id, [step.kind for step in one.steps]) for one in histories]


def test_histories_are_of_matches_with_steps_in_order_of_the_match(filled: SqlMatchLog) -> None:
    record_steps(filled, (5, "introduced"), (1, "introduced"), (3, "introduced"), (5, "declined"))
    assert told(filled.histories()) == [(1, ["introduced"]), (3, ["introduced"]), (5, ["introduced", "declined"])]
    assert told(filled.histories(region="nl-oost")) == [(1, ["introduced"]), (5, ["introduced", "declined"])]
    assert told(filled.histories(region="elsewhere")) == []
    first = next(filled.histories())
    assert first == filled.history(1)
    assert first.match.match == filled.get("l-1").answer.matches[0]


def test_histories_cross_their_pages_without_loss_or_repetition(filled: SqlMatchLog, monkeypatch: pytest.MonkeyPatch) -> None:
    record_steps(filled, *((number, "introduced") for number in (6, 4, 2, 1, 3, 5)), (1, "accepted"), (1, "met"))
    for size in (1, 2, 5, 6, 7):
        monkeypatch.setattr(sql_log, "_ROWS_AT_ONCE", size)
        assert [one.match.match_id for one in filled.histories()] == [1, 2, 3, 4, 5, 6]
        assert [one.match.match_id for one in filled.histories(region="nl-oost")] == [1, 2, 4, 5, 6]


def test_histories_on_a_list_are_of_all_its_matches_in_order_of_rank(filled: SqlMatchLog) -> None:
    record_steps(filled, (5, "introduced"), (1, "introduced"), (5, "declined"))
    assert told(filled.histories_on("l-3")) == [(4, []), (5, ["introduced", "declined"])]
    assert filled.histories_on("l-3") == [filled.history(4), filled.history(5)]
    assert told(filled.histories_on("l-2")) == [(3, [])]
    with pytest.raises(NotFound, match="l-9"):
        filled.histories_on("l-9")


def test_a_list_without_matches_has_no_histories(any_log: SqlMatchLog) -> None:
    any_log.record(entry("l-1"), COMPONENTS)
    assert any_log.histories_on("l-1") == []


@pytest.mark.parametrize("spelling", ["Nasovax", "nasovax bv", "NASOVAX (Nijmegen)", " Nasováx, B.V. "])
def test_a_company_is_known_in_any_spelling_and_in_its_country_only(filled: SqlMatchLog, spelling: str) -> None:
    record_steps(filled, (1, "introduced"), (3, "introduced"), (5, "introduced"))
    assert told(filled.histories_of(spelling, "NL")) == [(1, ["introduced"]), (5, ["introduced"])]
    assert told(filled.histories_of(spelling, "DK")) == [(3, ["introduced"])]
    assert filled.histories_of(spelling, "DE") == []
    assert [one.list_id for one in filled.lists(ListQuery(company=spelling))] == ["l-3", "l-2", "l-1"]


@pytest.mark.parametrize("name", ["", "...", "(nobody)"])
def test_needs_without_a_company_have_nothing_to_do_with_each_other(filled: SqlMatchLog, name: str) -> None:
    record_steps(filled, (6, "introduced"))
    assert filled.histories_of(name, "NL") == []
    assert filled.lists(ListQuery(company=name)) == []


def test_a_company_without_steps_has_no_histories(filled: SqlMatchLog) -> None:
    assert filled.histories_of("Nasovax", "NL") == []


def test_what_was_known_when_a_list_was_given_out_can_be_asked_later(filled: SqlMatchLog) -> None:
    record_steps(filled, (1, "introduced"), (2, "introduced"), (1, "accepted"))
    filled.record(entry("l-5", ("carla", "BE"), company="Nasovax", **EAST), COMPONENTS)
    record_steps(filled, (1, "met"), (4, "introduced"))
    assert filled.histories_of("Nasovax", "NL", before_list="l-1") == []
    then = [(1, ["introduced", "accepted"]), (2, ["introduced"])]
    assert told(filled.histories_of("Nasovax", "NL", before_list="l-5")) == then
    now = [(1, ["introduced", "accepted", "met"]), (2, ["introduced"]), (4, ["introduced"])]
    assert told(filled.histories_of("Nasovax", "NL")) == now


@pytest.mark.parametrize("list_id", ["nowhere", "", "half \udcff", "nul \0"])
def test_an_unknown_list_has_no_time_before_it(filled: SqlMatchLog, list_id: str) -> None:
    with pytest.raises(NotFound, match="match list must be in the match log"):
        filled.histories_of("Nasovax", "NL", before_list=list_id)


def test_lists_are_counted_by_region_country_and_month(any_log: SqlMatchLog) -> None:
    new_year = datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    any_log.record(entry("a", ("aqua", "NL"), ("bruno", "DE"), **EAST), COMPONENTS)
    any_log.record(entry("b", **EAST), COMPONENTS)
    any_log.record(entry("c", ("aqua", "NL"), created_at=new_year, **EAST), COMPONENTS)
    any_log.record(entry("d", ("aqua", "NL"), created_at=new_year + timedelta(microseconds=1), **EAST), COMPONENTS)
    any_log.record(entry("e", ("erik", "DK"), created_at=FIRST_DAY, **DANISH), COMPONENTS)
    counted = [
        (one.month, one.region, one.country, one.lists, one.without_match, one.matches, one.cross_border)
        for one in any_log.given_out()
    ]
    assert counted == [
        ("2026-03", "dk-danmark", "DK", 1, 0, 1, 0),
        ("2026-03", "nl-oost", "NL", 2, 1, 2, 1),
        ("2026-12", "nl-oost", "NL", 1, 0, 1, 0),
        ("2027-01", "nl-oost", "NL", 1, 0, 1, 0),
    ]
    assert [one.lists for one in any_log.given_out(region="dk-danmark")] == [1]
    assert any_log.given_out(region="elsewhere") == []


def test_lists_can_be_asked_by_region_and_page_by_page(filled: SqlMatchLog) -> None:
    assert [one.list_id for one in filled.lists(ListQuery(need_region="nl-oost"))] == ["l-4", "l-3", "l-1"]
    first = filled.lists(ListQuery(limit=2))
    rest = filled.lists(ListQuery(limit=10, before=first[-1].number))
    assert [one.list_id for one in (*first, *rest)] == ["l-4", "l-3", "l-2", "l-1"]
    assert filled.lists(ListQuery(before=2**53 - 1, limit=1)) == first[:1]


def test_an_erased_list_keeps_its_history_without_words(filled: SqlMatchLog) -> None:
    record_steps(filled, (1, "introduced"), (5, "introduced"))
    filled.erase("l-1", "an officer")
    erased, kept = filled.histories_of("Nasovax", "NL")
    assert [step.kind for step in erased.steps] == ["introduced"]
    assert [one.need_sentence for one in erased.match.match.evidence] == [""]
    assert [one.need_sentence for one in kept.match.match.evidence] == ["We look for lung models."]
    assert next(filled.histories()) == erased == filled.history(1)
    record_steps(filled, (1, "accepted"))
    assert filled.history(1).state == "accepted"


def test_an_engine_tells_what_it_consisted_of(filled: SqlMatchLog) -> None:
    assert filled.components("engine-1") == COMPONENTS
    with pytest.raises(NotFound, match=r"^The engine must be one that made a match list on record\. Got 'engine-0'\."):
        filled.components("engine-0")
