"""Thousands of bad requests: each is refused in one form, tells nothing of the inside, and leaves no record."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ValidationError

from matcher.lifecycle import StepTold
from matcher.log import ListQuery, MatchQuery
from matcher.records import MatchRequest
from service.api.directory import ProviderQuery
from service.api.record import IndicatorQuery
from service.desk import Desk
from tests.contract.asgi import Answer, ask
from tests.contract.bad_headers import bad_authorizations, bad_idempotency_keys, bad_queries, bad_targets, odd_headers
from tests.contract.bad_input import GOOD, JSON, STEP, BadRequest, bad_bodies, bad_deliveries, written
from tests.unit.service.api import app_of, key_headers, keyring_of, problem_document

FEWEST = 3_500
REGIONS = {"nl-oost", "de-nrw", "be-liege", "fr-lille"}
Expected = Callable[[BadRequest], bool]
"""Whether a request is fine in fact, decided beside the interface."""


QUERIES: dict[str, type[BaseModel]] = {
    "/v1/match-lists": ListQuery,
    "/v1/matches": MatchQuery,
    "/v1/providers": ProviderQuery,
    "/v1/indicators": IndicatorQuery,
}


@pytest.fixture
def app(small_desk: Desk) -> FastAPI:
    return app_of(small_desk)


@pytest.fixture
def key(small_desk: Desk) -> str:
    return key_headers(keyring_of(small_desk.log), "advisor")["authorization"].removeprefix("Bearer ")


def entries_of(desk: Desk) -> int:
    return desk.log.verify().seq


def asked(app: FastAPI, requests: Iterable[BadRequest], *headers: tuple[bytes, bytes]) -> list[tuple[BadRequest, Answer]]:
    """Every request with its answer, each from another address: what is counted by address is another test's."""

    async def all_of_them() -> list[tuple[BadRequest, Answer]]:
        numbered = enumerate(requests)
        return [(one, await ask(app, one, *headers, client=f"10.1.{number // 256}.{number % 256}")) for number, one in numbered]

    return asyncio.run(all_of_them())


def bearer(key: str) -> tuple[bytes, bytes]:
    return b"authorization", f"Bearer {key}".encode()


def wrongs(answers: Iterable[tuple[BadRequest, Answer]], is_fine: Expected, key: str) -> list[str]:
    """What is not as it must be, a sentence each."""
    found = []
    for request, answer in answers:
        if (answer.status_code < 300) != is_fine(request) or not 200 <= answer.status_code < 500:
            found.append(f"{request.name}: {answer.status_code} {answer.text[:300]}")
        elif answer.status_code >= 300:
            try:
                problem_document(answer)
            except AssertionError as error:
                found.append(f"{request.name}: {str(error)[:300]}")
        # Never its secret, whatever was refused; and no answer that is far larger than what was asked.
        if key[12:] in answer.text:
            found.append(f"{request.name}: the key is told")
        if answer.status_code >= 300 and len(answer.content) > 40_000 + len(request.target):
            found.append(f"{request.name}: refused in {len(answer.content):,} bytes")
    return found


def can_be_read(content: bytes, record: type[BaseModel]) -> bool:
    """By Python's own JSON, and by the record that the domain takes."""
    try:
        told = record.model_validate(json.loads(content))
    except (ValueError, RecursionError):
        return False
    return not isinstance(told, MatchRequest) or REGIONS.issuperset(told.filters.regions)


def test_a_need_that_is_wrong_anywhere_is_refused_and_leaves_no_record(app: FastAPI, key: str, small_desk: Desk) -> None:
    requests = [BadRequest(name, pieces=(content,)) for name, content in bad_bodies(GOOD)]
    [(_, first)] = asked(app, [BadRequest("good", pieces=(written(GOOD),))], bearer(key))
    assert first.status_code == 201
    before = entries_of(small_desk)
    answers = asked(app, requests, bearer(key))
    assert wrongs(answers, lambda one: can_be_read(one.content, MatchRequest), key) == []
    assert entries_of(small_desk) == before + sum(answer.status_code == 201 for _, answer in answers)
    assert Counter(answer.status_code // 100 for _, answer in answers)[4] > 1_500


def test_a_step_that_is_wrong_anywhere_is_refused_and_leaves_no_record(app: FastAPI, key: str, small_desk: Desk) -> None:
    asked(app, [BadRequest("good", pieces=(written(GOOD),))], bearer(key))
    before = entries_of(small_desk)
    target = b"/v1/matches/1/steps"
    requests = [BadRequest(name, target=target, pieces=(content,)) for name, content in bad_bodies(STEP)]
    answers = asked(app, requests, bearer(key))

    def is_refused(answer: Answer) -> bool:
        return answer.status_code not in (201, 409)

    for request, answer in answers:
        # Legal or not by what is on record: the first good one is, and the same again is not.
        assert is_refused(answer) != can_be_read(request.content, StepTold), f"{request.name}: {answer.text[:300]}"
    assert wrongs(answers, lambda _: False, key)[1:] == []
    assert [answer.status_code for _, answer in answers].count(201) == 1
    assert entries_of(small_desk) == before + 1


def test_a_good_need_that_comes_badly(app: FastAPI, key: str, small_desk: Desk) -> None:
    asked(app, [BadRequest("good", pieces=(written(GOOD),))], bearer(key))
    before = entries_of(small_desk)

    def is_fine(one: BadRequest) -> bool:
        headers = dict(one.headers)
        length = headers.get(b"content-length", b"0")
        # A length is only looked at to refuse what is too large; the server below has held it against the body.
        short = not (length.isdigit() and (len(length) > 20 or int(length) > 200_000)) and len(one.content) <= 200_000
        return (
            headers.get(b"content-type", b"").partition(b";")[0] == JSON[1]
            and short
            and not one.cut_off
            and can_be_read(one.content, MatchRequest)
        )

    answers = asked(app, bad_deliveries(), bearer(key))
    # Who has gone hears nothing.
    heard = [(one, answer) for one, answer in answers if not (one.cut_off and answer.status_code == 0)]
    assert wrongs(heard, is_fine, key) == []
    assert entries_of(small_desk) == before + sum(answer.status_code == 201 for _, answer in answers)


def test_headers_that_do_not_matter_change_nothing(app: FastAPI, key: str, small_desk: Desk) -> None:
    asked(app, [BadRequest("good", pieces=(written(GOOD),))], bearer(key))
    before = entries_of(small_desk)
    answers = asked(app, odd_headers(), bearer(key))
    assert wrongs(answers, lambda _: True, key) == []
    for request, answer in answers:
        assert answer.headers["x-request-id"].isprintable(), request.name
        assert len(answer.headers["x-request-id"]) <= 100, request.name
        assert "content-range" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
    assert entries_of(small_desk) == before + len(answers)


def test_nothing_but_the_key_itself_opens(app: FastAPI, key: str, small_desk: Desk) -> None:
    before = entries_of(small_desk)
    requests = []
    for name, values in bad_authorizations(key):
        headers = (JSON, *((b"authorization", value) for value in values))
        requests.append(BadRequest(name, headers=headers, pieces=(written(GOOD),)))
    answers = asked(app, requests)
    assert wrongs(answers, lambda _: False, key) == []
    assert {answer.status_code for _, answer in answers} == {401}
    assert all(answer.headers["www-authenticate"].startswith("Bearer") for _, answer in answers)
    assert entries_of(small_desk) == before
    for good in (f"Bearer {key}", f"bearer {key}", f"BEARER   {key}", f" Bearer {key} "):
        [(_, answer)] = asked(app, [BadRequest(good, "GET", b"/v1/providers")], (b"authorization", good.encode()))
        assert answer.status_code == 200, good


def test_an_idempotency_key_that_is_none_is_refused(app: FastAPI, key: str, small_desk: Desk) -> None:
    before = entries_of(small_desk)
    requests = []
    for name, value in bad_idempotency_keys():
        headers = (JSON, (b"idempotency-key", value))
        requests.append(BadRequest(name, headers=headers, pieces=(written(GOOD),)))
        requests.append(BadRequest(name, target=b"/v1/matches/1/steps", headers=headers, pieces=(written(STEP),)))
    answers = asked(app, requests, bearer(key))
    assert wrongs(answers, lambda _: False, key) == []
    assert entries_of(small_desk) == before


def test_what_there_is_not_is_not_found(app: FastAPI, key: str, small_desk: Desk) -> None:
    before = entries_of(small_desk)
    requests = [BadRequest(f"{method} {target[:60]!r}", method, target, ()) for method, target in bad_targets()]
    answers = asked(app, requests, bearer(key))
    # HEAD of a page is as good as GET.
    assert wrongs(answers, lambda one: (one.method, one.target) == ("HEAD", b"/docs"), key) == []
    assert {answer.status_code for _, answer in answers} <= {200, 404, 405, 422}
    assert entries_of(small_desk) == before


def test_a_query_is_refused_where_it_makes_no_sense(app: FastAPI, key: str) -> None:
    def is_fine(one: BadRequest) -> bool:
        path, _, query = one.target.decode("latin-1").partition("?")
        # Of a parameter that comes twice the last counts.
        given: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
        try:
            QUERIES[path].model_validate(given)
        except ValidationError:
            return False
        return True

    requests = [BadRequest(f"{path}?{query[:40]!r}", "GET", path.encode() + b"?" + query, ()) for path, query in bad_queries()]
    answers = asked(app, requests, bearer(key))
    assert wrongs(answers, is_fine, key) == []


def test_there_are_enough_of_them(key: str) -> None:
    made = [bad_bodies(GOOD), bad_bodies(STEP), bad_deliveries(), odd_headers(), bad_authorizations(key)]
    count = sum(len(list(some)) for some in (*made, bad_idempotency_keys(), bad_targets(), bad_queries()))
    assert count >= FEWEST
