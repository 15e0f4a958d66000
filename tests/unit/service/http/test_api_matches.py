"""`GET /v1/matches`: the record, filtered and page by page."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import refusal
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def filled(client: TestClient, log: SqlMatchLog) -> TestClient:
    """Matches 1-3 of a Dutch need, 4-5 of a Danish one, 6 of a Dutch one."""
    log.record(entry("l-1", ("dion", "FR"), ("aqua", "NL"), ("bruno", "DE"), region="nl-oost"), COMPONENTS)
    log.record(entry("l-2", ("dion", "FR"), ("erik", "DK"), country="DK"), COMPONENTS)
    log.record(entry("l-3", ("bruno", "DE")), COMPONENTS)
    return client


def ids(client: TestClient, **query: Any) -> list[int]:
    answer = client.get("/v1/matches", params=query)
    assert answer.status_code == 200, answer.text
    return [match["match_id"] for match in answer.json()["matches"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"list_id": "l-2"}, [4, 5]),
        ({"provider_id": "bruno"}, [3, 6]),
        ({"need_country": "DK"}, [4, 5]),
        ({"need_region": "nl-oost"}, [1, 2, 3]),
        ({"provider_country": "fr"}, [1, 4]),
        ({"category": "finance"}, [1, 4, 6]),
        ({"cross_border": "false"}, [2, 5]),
        ({"since": "2027-01-01"}, []),
        ({"until": "2027-01-01T00:00:00Z", "provider_id": "erik"}, [5]),
        ({"cross_border": "true", "need_country": "NL", "category": "technology"}, [3]),
    ],
)
def test_only_matches_that_meet_every_condition_come(filled: TestClient, query: dict[str, Any], expected: list[int]) -> None:
    assert ids(filled, **query) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7])
def test_following_next_gives_every_match_once(filled: TestClient, limit: int) -> None:
    found: list[int] = []
    query: dict[str, Any] = {"limit": limit}
    for _ in range(8):
        page = filled.get("/v1/matches", params=query).json()
        found += [match["match_id"] for match in page["matches"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert page["next"] is None
    assert found == [1, 2, 3, 4, 5, 6]


def test_the_last_page_has_no_next_even_when_it_is_full(filled: TestClient) -> None:
    assert filled.get("/v1/matches", params={"limit": 6}).json()["next"] is None


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"after": -1}, "after"),
        ({"after": 10**20}, "after"),
        ({"need_country": "XX"}, "need_country"),
        ({"category": "magic"}, "category"),
        ({"cross_border": "maybe"}, "cross_border"),
        ({"since": "yesterday"}, "since"),
        ({"provider_id": "nul\0"}, "provider_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_by_name(filled: TestClient, query: dict[str, Any], place: str) -> None:
    assert place in refusal(filled.get("/v1/matches", params=query), 422)["place"]


@pytest.mark.parametrize("query", [{"since": "0001-01-01T00:00:00+14:00"}, {"until": "9999-12-31T23:59:59-14:00"}])
def test_the_ends_of_time_are_no_error_of_the_service(filled: TestClient, query: dict[str, str]) -> None:
    assert filled.get("/v1/matches", params=query).status_code in (200, 422)
