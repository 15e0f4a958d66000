"""Whatever stands in `Authorization`: a key of the ring opens, all else is answered 401, nothing ends in an error."""

from __future__ import annotations

import logging

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from service.access.keyring import STAYS_KNOWN
from tests.unit.service.access.guarded import Clock, KeysInMemory, Recorded, bearer, guarded_app
from tests.unit.service.api import refusal

WHERE = "/v1/matches"


def raw(*values: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", value) for value in values]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("space", [" ", "   "])
def test_a_key_is_taken_however_the_scheme_is_written(client: TestClient, keyring: Recorded, scheme: str, space: str) -> None:
    key = keyring.key_for("advisor")
    assert client.get(WHERE, headers={"authorization": f"{scheme}{space}{key} "}).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b" ",
        b"Bearer",
        b"Bearer ",
        b"Bearer \xff\xfe",
        b"Bearer cm_\xc3\xa9aaaaaaa_" + b"a" * 43,
        b"Basic dXNlcjpwYXNz",
        b"Digest username=x",
        b"Bearer cm_abc",
        b"Bearer " + b"cm_abcdefgh_" + b"a" * 42,
        b"Bearer " + b"cm_abcdefgh_" + b"a" * 44,
        b"Bearer " + b"cm_abcdefgh_" + b"a" * 60_000,
        b"x" * 60_000,
        b"Bearer null",
        b"Bearer cm_abcdefgh_" + b"'" * 43,
    ],
)
def test_what_is_no_key_is_refused(client: TestClient, store: KeysInMemory, value: bytes) -> None:
    response = client.get(WHERE, headers=raw(value))
    refusal(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert store.reads == 0


def test_the_bare_key_without_its_scheme_is_refused(client: TestClient, keyring: Recorded) -> None:
    document = refusal(client.get(WHERE, headers={"authorization": keyring.key_for("advisor")}), 401)
    assert "Bearer" in document["required"]


def test_two_headers_are_refused_even_if_both_hold_the_key(client: TestClient, keyring: Recorded) -> None:
    value = f"Bearer {keyring.key_for('advisor')}".encode()
    document = refusal(client.get(WHERE, headers=raw(value, value)), 401)
    assert document["found"] == "2"


def test_an_unknown_key_and_a_wrong_secret_are_answered_alike(client: TestClient, keyring: Recorded) -> None:
    known = keyring.key_for("advisor")
    wrong = client.get(WHERE, headers=bearer(known[:-43] + "x" * 43))
    unknown = client.get(WHERE, headers=bearer("cm_zzzzzzzz_" + "x" * 43))
    first, second = refusal(wrong, 401), refusal(unknown, 401)
    assert {**first, "request_id": ""} == {**second, "request_id": ""}
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_an_expired_key_is_refused_from_its_last_moment_on(client: TestClient, keyring: Recorded, clock: Clock) -> None:
    key = keyring.key_for("advisor")
    clock.turn(days=365, seconds=-1)
    assert client.get(WHERE, headers=bearer(key)).status_code == 200
    clock.turn(seconds=1)
    document = refusal(client.get(WHERE, headers=bearer(key)), 401)
    assert document["found"] == "one that expired on 2027-03-01"


def test_a_revoked_key_is_refused_at_once_where_it_was_revoked(client: TestClient, keyring: Recorded) -> None:
    text, key = keyring.create("office", "advisor", None, by="tests")
    assert client.get(WHERE, headers=bearer(text)).status_code == 200
    keyring.revoke(key.key_id, "tests")
    assert "revoked on 2026-03-01" in refusal(client.get(WHERE, headers=bearer(text)), 401)["found"]


def test_a_key_revoked_elsewhere_is_refused_after_the_time_promised(
    client: TestClient, keyring: Recorded, store: KeysInMemory, clock: Clock
) -> None:
    text, key = keyring.create("office", "advisor", None, by="tests")
    client.get(WHERE, headers=bearer(text))
    store.revoke(key.key_id, "another process")
    clock.turn(seconds=STAYS_KNOWN.total_seconds())
    refusal(client.get(WHERE, headers=bearer(text)), 401)


def test_keys_that_cannot_be_read_are_a_fault_of_the_service(
    client: TestClient, keyring: Recorded, store: KeysInMemory
) -> None:
    key = keyring.key_for("advisor")
    store.broken = True
    response = client.get(WHERE, headers=bearer(key))
    document = refusal(response, 503)
    assert response.headers["retry-after"] == "5"
    assert "input/output" not in document["detail"]
    assert client.get("/healthz").status_code == 200


def test_a_key_in_the_address_opens_nothing(client: TestClient, keyring: Recorded) -> None:
    key = keyring.key_for("advisor")
    assert client.get(WHERE, params={"key": key, "access_token": key}).status_code == 401


def test_a_cookie_opens_nothing_where_there_is_no_link(client: TestClient, keyring: Recorded) -> None:
    key = keyring.key_for("advisor")
    assert client.get(WHERE, headers={"cookie": f"crossmatch-8000={key}"}).status_code == 401


def test_a_refusal_is_logged_with_its_request_and_without_the_key(
    client: TestClient, keyring: Recorded, caplog: pytest.LogCaptureFixture
) -> None:
    text, key = keyring.create("office", "advisor", None, by="tests")
    keyring.revoke(key.key_id, "tests")
    document = client.get(WHERE, headers=bearer(text)).json()
    lines = [record.getMessage() for record in caplog.records if record.name == "crossmatch.access"]
    assert len(lines) == 1
    assert document["request_id"] in lines[0]
    assert "revoked" in lines[0]
    assert caplog.records[-1].levelno <= logging.WARNING


HEADER = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=100).map(lambda rest: b"Bearer " + rest),
    st.from_regex(rb"\A[Bb]earer cm_[A-Za-z0-9]{7,9}_[\x21-\x7e\x80-\xff]{42,44}\Z"),
)


@given(values=st.lists(HEADER, min_size=1, max_size=3), path=st.sampled_from([WHERE, "/v1/record", "/metrics"]))
def test_no_header_whatever_leads_to_an_error_of_the_service(values: list[bytes], path: str) -> None:
    clock = Clock()
    app = guarded_app(Recorded(KeysInMemory(clock), clock))
    with TestClient(app, raise_server_exceptions=True) as client:
        assert client.get(path, headers=raw(*values)).status_code == 401
