from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import RequestRefused
from service.access.keys import LONGEST_LIFE, Key, KeyRefused, digest_of, id_of, new_key
from tests.unit.service.access.guarded import START, KeysInMemory, Recorded

FORM = re.compile(r"cm_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}")


def test_a_new_key_has_the_form_and_its_digest() -> None:
    made = new_key()
    assert FORM.fullmatch(made.text)
    assert id_of(made.text) == made.key_id
    assert made.digest == hashlib.sha256(made.text.encode()).hexdigest()


def test_no_two_keys_are_alike() -> None:
    made = [new_key() for _ in range(500)]
    assert len({one.text for one in made}) == len({one.key_id for one in made}) == 500


def test_a_key_does_not_show_itself_when_printed() -> None:
    made = new_key()
    assert made.text not in repr(made) + str(made)


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_what_has_not_the_form_is_refused_without_being_repeated(before: str, after: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        id_of(f"{before}Zq7xWv9k{after}")
    assert "Zq7xWv9k" not in str(refused.value)


def test_a_key_with_a_line_break_after_it_is_refused() -> None:
    with pytest.raises(KeyRefused):
        id_of(new_key().text + "\n")


def test_only_the_digest_is_stored(keyring: Recorded, store: KeysInMemory) -> None:
    text, key = keyring.create("the office", "advisor", "north", by="programme office")
    assert store.digests() == [digest_of(text)]
    assert text[-43:] not in key.model_dump_json()
    assert (key.holder, key.role, key.region, key.created_by) == ("the office", "advisor", "north", "programme office")
    assert key.expires_at - key.created_at == timedelta(days=365)


def test_a_key_may_live_three_years_and_no_longer(keyring: Recorded) -> None:
    longest = START + LONGEST_LIFE
    assert keyring.create("x", "advisor", None, by="y", expires_at=longest)[1].expires_at == longest
    with pytest.raises(RequestRefused, match="within three years, by 2029-03-01"):
        keyring.create("x", "advisor", None, by="y", expires_at=longest + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"holder": ""}, "The holder of the key must not be empty"),
        ({"holder": "   "}, "The holder of the key must not be empty"),
        ({"holder": "x" * 201}, "must have at most 200 characters. Got 201 characters"),
        ({"holder": "two\nlines"}, "must be on one line"),
        ({"holder": "Local User"}, "must not be 'local user'"),
        ({"holder": "half \ud800"}, "The holder of the key must be whole Unicode text"),
        ({"role": "administrator"}, "The role of the key must be one of 'advisor', 'organiser'"),
        ({"region": ""}, "The region of the key must not be empty"),
        ({"by": "x" * 201}, "The created_by of the key must have at most 200 characters"),
        ({"expires_at": START}, "must expire after it is made"),
        ({"expires_at": START - timedelta(days=1)}, "must expire after it is made"),
    ],
)
def test_a_key_that_cannot_be_is_refused_and_none_is_kept(
    keyring: Recorded, store: KeysInMemory, wrong: dict[str, Any], sentence: str
) -> None:
    asked: dict[str, Any] = {"holder": "x", "role": "advisor", "region": None, "by": "y"} | wrong
    with pytest.raises(RequestRefused) as refused:
        keyring.create(asked.pop("holder"), asked.pop("role"), asked.pop("region"), **asked)
    assert sentence in str(refused.value)
    assert store.keys() == []


@pytest.mark.parametrize(
    ("revoked", "days", "state"), [(False, 0, "valid"), (False, 365, "expired"), (True, 0, "revoked"), (True, 400, "revoked")]
)
def test_a_key_is_valid_or_expired_or_revoked(keyring: Recorded, revoked: bool, days: int, state: str) -> None:
    key: Key = keyring.create("x", "advisor", None, by="y")[1]
    key = keyring.revoke(key.key_id, "y") if revoked else key
    assert key.state(START + timedelta(days=days)) == state
