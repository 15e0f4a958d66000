"""Questions to the record: each condition by itself, conditions together, and page after page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from matcher.log import MatchQuery
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, FIRST_DAY, entry
from tests.unit.service.record.conftest import DATABASES

DAY = timedelta(days=1)
DUTCH: dict[str, Any] = {"country": "NL", "region": "nl-oost", "company": "Nasovax", "need_id": "n-1"}
DANISH: dict[str, Any] = {"country": "DK", "region": "dk-danmark"}


def fill_with_six(log: SqlMatchLog) -> None:
    """Matches 1-3 for a Dutch need on the first day, 4-5 for a Danish one the day after, 6 for a Dutch one on the third."""
    log.record(entry("l-1", ("dion", "FR"), ("aqua", "NL"), ("bruno", "DE"), **DUTCH), COMPONENTS)
    log.record(entry("l-2", ("dion", "FR"), ("erik", "DK"), created_at=FIRST_DAY + DAY, **DANISH), COMPONENTS)
    log.record(entry("l-3", ("bruno", "DE"), created_at=FIRST_DAY + 2 * DAY), COMPONENTS)


@pytest.fixture(scope="module", params=DATABASES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlMatchLog]:
    """One record for all tests that only ask."""
    url = f"sqlite:///{tmp_path_factory.mktemp('asked') / 'log.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    log = SqlMatchLog(url)
    fill_with_six(log)
    yield log
    log.close()


CONDITIONS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5, 6]),
    ({"list_id": "l-2"}, [4, 5]),
    ({"list_id": "nowhere"}, []),
    ({"provider_id": "bruno"}, [3, 6]),
    ({"need_country": "dk"}, [4, 5]),
    ({"need_region": "nl-oost"}, [1, 2, 3]),
    ({"provider_country": "FR"}, [1, 4]),
    ({"category": "finance"}, [1, 4, 6]),
    ({"category": "technology"}, [2, 3, 5]),
    ({"category": "commercial"}, []),
    ({"cross_border": True}, [1, 3, 4, 6]),
    ({"cross_border": False}, [2, 5]),
    ({"since": FIRST_DAY + DAY}, [4, 5, 6]),
    ({"since": FIRST_DAY + DAY + timedelta(microseconds=1)}, [6]),
    ({"until": FIRST_DAY + DAY}, [1, 2, 3]),
    ({"since": "2026-03-02T10:30:00.123456+01:00"}, [4, 5, 6]),
    ({"since": "2026-03-02T09:30:00.123457"}, [6]),
    ({"after": 4}, [5, 6]),
    ({"limit": 2}, [1, 2]),
    ({"need_country": "NL", "cross_border": True, "category": "technology"}, [3]),
    ({"provider_id": "dion", "since": FIRST_DAY + DAY}, [4]),
]


@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS, ids=[str(conditions) for conditions, _ in CONDITIONS])
def test_matches_that_meet_every_condition_come_in_order(
    filled: SqlMatchLog, conditions: dict[str, Any], expected: list[int]
) -> None:
    found = filled.matches(MatchQuery.model_validate(conditions))
    assert [one.match_id for one in found] == expected


def test_a_match_comes_with_the_list_it_belongs_to(filled: SqlMatchLog) -> None:
    given = entry("l-1", ("dion", "FR"), ("aqua", "NL"), ("bruno", "DE"), **DUTCH)
    found = filled.matches(MatchQuery(list_id="l-1"))
    assert tuple(one.match for one in found) == given.answer.matches
    first = found[0]
    assert (first.list_id, first.created_at, first.asked_by) == ("l-1", FIRST_DAY, "a test")
    assert (first.need_country, first.need_region, first.company, first.need_id) == ("NL", "nl-oost", "Nasovax", "n-1")


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 1000])
@pytest.mark.parametrize("conditions", [{}, {"cross_border": True}, {"provider_id": "dion"}])
def test_pages_hold_every_match_once_and_in_order(filled: SqlMatchLog, conditions: dict[str, Any], limit: int) -> None:
    whole = [one.match_id for one in filled.matches(MatchQuery.model_validate(conditions))]
    paged: list[int] = []
    after = 0
    while page := filled.matches(MatchQuery.model_validate({**conditions, "after": after, "limit": limit})):
        assert len(page) <= limit
        assert page[0].match_id > after
        paged += [one.match_id for one in page]
        after = page[-1].match_id
    assert paged == whole


def test_what_is_recorded_between_two_pages_comes_on_a_later_page(any_log: SqlMatchLog) -> None:
    fill_with_six(any_log)
    first = any_log.matches(MatchQuery(limit=4))
    any_log.record(entry("l-4", ("carla", "BE")), COMPONENTS)
    rest = any_log.matches(MatchQuery(after=first[-1].match_id))
    assert [one.match_id for one in (*first, *rest)] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("after", [2**31 - 1, 2**31, 2**53 - 1])
def test_after_the_last_number_that_a_database_holds_comes_nothing(filled: SqlMatchLog, after: int) -> None:
    assert filled.matches(MatchQuery(after=after)) == []
