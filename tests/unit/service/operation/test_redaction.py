"""No secret and no need's words in what is printed, wherever they stand."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from matcher.links import new_token
from matcher.records import Provider
from service.access.keys import new_key
from service.operation.redaction import REDACTED, printable, redacted

KEY = new_key()
TOKEN = "Zk3-x_9QqLr7aTz0pWm4vB2nC8dE6fGhJ"

PLACES = [
    "{}",
    "the key {} opens nothing",
    "Authorization: Bearer {}",
    "Authorization%3A%20Bearer%20{}",
    "(b'authorization', b'Bearer {}')",
    '{{"authorization": "bearer {}"}}',
    "GET /v1/matches?api_key={}&limit=3",
    "Traceback (most recent call last):\n  File\nRuntimeError: got '{}'\n",
    "key={},",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_nowhere_and_its_id_may_stay(place: str) -> None:
    shown = redacted(place.format(KEY.text))
    assert KEY.text.rpartition("_")[2] not in shown
    assert KEY.text[len(f"cm_{KEY.key_id}_") :] not in shown
    assert REDACTED in shown


@pytest.mark.parametrize("place", [*PLACES, "/answer#{}", "GET /answer%23{} HTTP/1.1"])
def test_the_token_of_a_link_is_nowhere_and_its_id_may_stay(place: str) -> None:
    token = new_token()
    shown = redacted(place.format(token.text))
    assert token.text[14:] not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:8000/open?token={}",
        "/open?next=x&token={}&more=1",
        "query_string=b'token={}'",
        "access_token={} refused",
        "cookie: crossmatch_session_8000={}; other=1",
        "(b'cookie', b'crossmatch_session_8000={}')",
        "Set-Cookie: crossmatch_session_8000={}; HttpOnly",
        "postgresql+psycopg://crossmatch:{}@db.example.org:5432/record",
        "password={}",
    ],
)
def test_tokens_sessions_and_passwords_are_nowhere(place: str) -> None:
    assert TOKEN not in redacted(place.format(TOKEN))


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8), st.text(max_size=30), st.text())
def test_a_key_is_nowhere_whatever_stands_around_it(key_id: str, before: str, after: str) -> None:
    secret = "Q7-_" * 10
    assert secret not in redacted(f"{before}cm_{key_id}_{secret}{after}")


@pytest.mark.parametrize(
    "line",
    [
        "Application startup complete.",
        "The role must be one that may do this: advisor. Got evaluator for region nl-oost.",
        "The request must carry a key. Got none. Send a key as 'Authorization: Bearer cm_…'; crossmatch keys create makes one.",
        "The link must be the one that this service showed at its start. Got another.",
        "postgresql+psycopg://postgres@/record?host=/run/postgresql",
        "The cookie must be of this start.",
        "8 tokens, 3 secrets and a basic introduction",
        "http://127.0.0.1:8000/docs",
        "The token must be one that was sent: ct_… and 43 further characters of object_id_of_the_match.",
    ],
)
def test_an_ordinary_line_stays_as_it_is(line: str) -> None:
    assert redacted(line) == line


def test_what_pydantic_was_given_is_not_repeated() -> None:
    words = "We look for a secret partner,\nin two lines"
    with pytest.raises(ValidationError) as refused:
        Provider.model_validate({"provider_id": "x", "name": "x", "country": "NL", "category": words})
    assert "We look for" in str(refused.value)
    shown = redacted(str(refused.value))
    assert "We look for" not in shown
    assert "two lines" not in shown
    assert "input_type=str" in shown


def test_what_a_database_was_given_is_not_repeated() -> None:
    engine = sa.create_engine("sqlite://")
    statement = sa.text("INSERT INTO nowhere VALUES (:words)").bindparams(words="We look for [a] partner,\nin two lines")
    with pytest.raises(sa.exc.OperationalError) as failed, engine.begin() as connection:
        connection.execute(statement)
    engine.dispose()
    assert "We look for" in str(failed.value)
    shown = redacted(str(failed.value))
    assert "We look for" not in shown
    assert "two lines" not in shown
    assert "no such table: nowhere" in shown
    assert "Background on this error" in shown


def test_a_row_that_postgresql_refused_is_not_repeated() -> None:
    detail = "DETAIL:  Failing row contains (1, null, We look\nfor a partner)."
    shown = redacted(f'null value in column "kind"\n{detail}\n[SQL: INSERT INTO needs]\n')
    assert "partner" not in shown
    assert "[SQL: INSERT INTO needs]" in shown
    assert "Müller" not in redacted("DETAIL:  Key (company)=(Müller & Søn) already exists.")


def test_values_are_redacted_at_every_depth_and_are_json() -> None:
    value = {
        "one": [KEY.text, {"two": (f"?token={TOKEN}", float("nan"), float("inf"))}],
        "authorization": "whatever",
        KEY.text: {3, 4},
        "error": ValueError(KEY.text),
        "number": 1.5,
        "none": None,
    }
    shown = json.dumps(printable(value), allow_nan=False)
    assert KEY.text not in shown
    assert TOKEN not in shown
    assert "whatever" not in shown
    assert json.loads(shown)["number"] == 1.5
    assert json.loads(shown)["none"] is None
