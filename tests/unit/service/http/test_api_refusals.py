"""Bad input: refused by name, in one form, with nothing on record."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from matcher.log import ListQuery
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from tests.unit.service.api import JSON, NEED, body, client_of, problem_document, refusal, with_need

BAD_BODIES: dict[str, tuple[bytes, int, str]] = {
    "empty body": (b"", 422, ""),
    "not JSON": (b"{need", 400, ""),
    "cut short": (json.dumps(body()).encode()[:-3], 400, ""),
    "Latin-1": ('{"need": {"text": "Wir suchen für später", "country": "NL"}}'.encode("latin-1"), 400, ""),
    "too deep": (b"[" * 50_000, 400, ""),
    "a list": (b"[]", 422, ""),
    "null": (b"null", 422, ""),
    "no need": (b"{}", 422, "need"),
    "need without text": (b'{"need": {"country": "NL"}}', 422, "text of the need"),
    "need without country": (b'{"need": {"text": "toxicology laboratory"}}', 422, "country of the need"),
    "blank need": (with_need(text=" \n\t "), 422, "text of the need"),
    "emoji": (with_need(text="🫁🫁🫁"), 422, "text of the need"),
    "digits": (with_need(text="12345 67890"), 422, "text of the need"),
    "NUL": (with_need(text="toxicology\0laboratory"), 422, "text of the need"),
    "half a character": (b'{"need": {"text": "toxicology \\ud800 laboratory", "country": "NL"}}', 422, "text of the need"),
    "half a character in a name": (b'{"need": {"text": "toxicology", "country": "NL", "\\udfff": 1}}', 422, "need"),
    "number for a text": (with_need(text=12345), 422, "text of the need"),
    "unknown country": (with_need(country="XX"), 422, "country of the need"),
    "country by name": (with_need(country="Netherlands"), 422, "country of the need"),
    "unknown category": (with_need(categories=["magic"]), 422, "categories of the need"),
    "unknown kind": (with_need(kind="wish"), 422, "kind of the need"),
    "unknown field": (with_need(colour="red"), 422, "colour of the need"),
    "unknown field of the request": (json.dumps(body(colour="red")).encode(), 422, "colour"),
    "unknown mode": (json.dumps(body(policy={"mode": "always"})).encode(), 422, "mode of the policy"),
    "beta of no size": (
        b'{"need": {"text": "toxicology", "country": "NL"}, "policy": {"beta": NaN}}',
        422,
        "beta of the policy",
    ),
    "floor above itself": (json.dumps(body(policy={"floor": {"at_least": 3, "of_first": 2}})).encode(), 422, "floor"),
    "unknown region": (json.dumps(body(filters={"regions": ["atlantis"]})).encode(), 422, "regions of the filters"),
    "k 0": (json.dumps(body(k=0)).encode(), 422, "k of the request"),
    "k -1": (json.dumps(body(k=-1)).encode(), 422, "k of the request"),
    "k 1e9": (json.dumps(body(k=1e9)).encode(), 422, "k of the request"),
    "k 1.5": (json.dumps(body(k=1.5)).encode(), 422, "k of the request"),
    "k x": (json.dumps(body(k="x")).encode(), 422, "k of the request"),
    "k true": (json.dumps(body(k=True)).encode(), 422, "k of the request"),
    "k of 500 digits": (
        b'{"need": {"text": "toxicology", "country": "NL"}, "k": ' + b"9" * 500 + b"}",
        422,
        "k of the request",
    ),
    "k of 5000 digits": (b'{"need": {"text": "toxicology", "country": "NL"}, "k": ' + b"9" * 5000 + b"}", 400, ""),
    "who asks is no field": (json.dumps(body(asked_by="me")).encode(), 422, "asked_by"),
    "10,001 characters": (with_need(text="abcdefghi " * 1000 + "x"), 413, "text of the need"),
    "10,001 characters and more wrong": (with_need(text="x" * 10_001, country="XX"), 413, "text of the need"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_refused_by_name_and_leaves_no_record(client: TestClient, log: SqlMatchLog, name: str) -> None:
    content, status, place = BAD_BODIES[name]
    document = refusal(client.post("/v1/match-lists", content=content, headers=JSON), status)
    assert place in document.get("place", "")
    assert log.lists(ListQuery(limit=1)) == []


def test_several_mistakes_are_all_named(client: TestClient) -> None:
    given = {"need": {"text": " ", "country": "XX"}, "k": 0}
    document = refusal(client.post("/v1/match-lists", json=given), 422)
    places = [one["place"] for one in document["problems"]]
    assert places == ["text of the need", "country of the need", "k of the request"]


def test_the_longest_need_is_still_read(client: TestClient) -> None:
    text = "abcdefghi " * 999 + "abcdefghij"
    assert len(text) == 10_000
    assert client.post("/v1/match-lists", json={"need": {**NEED, "text": text}}).status_code == 201


def test_a_megabyte_is_refused_by_its_stated_length(client: TestClient, log: SqlMatchLog) -> None:
    content = with_need(text="a" * 1_000_000)
    document = refusal(client.post("/v1/match-lists", content=content, headers=JSON), 413)
    assert document["detail"].startswith(f"The body must have at most 200,000 bytes. Got {len(content):,} bytes.")
    assert log.lists(ListQuery(limit=1)) == []


def test_a_megabyte_without_a_stated_length_is_refused_while_it_comes(client: TestClient, log: SqlMatchLog) -> None:
    content = with_need(text="a" * 1_000_000)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), 50_000):
            yield content[start : start + 50_000]

    answer = client.post("/v1/match-lists", content=pieces(), headers=JSON)
    assert "content-length" not in answer.request.headers
    assert refusal(answer, 413)["detail"].startswith("The body must have at most 200,000 bytes.")
    assert log.lists(ListQuery(limit=1)) == []


def test_a_body_of_exactly_the_limit_is_read(small_desk: Desk) -> None:
    content = json.dumps(body()).encode()
    padded = content + b" " * (1_000 - len(content))
    with client_of(small_desk, largest_body=1_000) as client:
        assert client.post("/v1/match-lists", content=padded, headers=JSON).status_code == 201
        refusal(client.post("/v1/match-lists", content=padded + b" ", headers=JSON), 413)


@pytest.mark.parametrize("length", ["-5", "many", "1e3"])
def test_a_length_that_is_none_does_not_open_the_gate(client: TestClient, length: str) -> None:
    content = with_need(text="a" * 1_000_000)
    answer = client.post("/v1/match-lists", content=content, headers={**JSON, "content-length": length})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nothing", 404), ("DELETE", "/v1/matches", 405), ("PUT", "/v1/match-lists", 405)]
)
def test_what_there_is_not_is_a_problem_document_too(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert problem_document(answer)["instance"] == path


def test_the_value_that_was_found_is_shown_but_never_at_length(client: TestClient) -> None:
    document = refusal(client.post("/v1/match-lists", content=with_need(country="N" * 5_000), headers=JSON), 422)
    assert "NNNN" in document["found"]
    assert len(document["detail"]) < 300
