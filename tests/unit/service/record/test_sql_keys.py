"""API keys in the record: kept, found, revoked, and each of it on the chain."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from matcher.errors import LogUnavailable, NotFound
from service.access.caller import ROLES
from service.access.keyring import Keyring
from service.access.keys import KeyRefused
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.whole_record import MADE, key

DIGEST = "a" * 64


@pytest.fixture
def store(any_log: SqlMatchLog) -> SqlKeyStore:
    return SqlKeyStore(any_log)


def test_a_record_without_keys_has_none(store: SqlKeyStore) -> None:
    assert store.keys() == []
    assert store.find("aaaaaaaa") is None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("region", [None, "nl-oost", "Île-de-France"])
def test_a_key_is_found_as_it_was_made(store: SqlKeyStore, role: str, region: str | None) -> None:
    given = key("aaaaaaaa", role=role, region=region, holder="Bureau « Zoë », Århus")
    store.add(given, DIGEST)
    assert store.find("aaaaaaaa") == (given, DIGEST)
    assert store.find("AAAAAAAA") is None


def test_a_moment_of_another_zone_is_the_same_moment_in_utc(store: SqlKeyStore) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    given = key("aaaaaaaa", created_at=MADE.astimezone(zone), expires_at=(MADE + timedelta(days=3)).astimezone(zone))
    store.add(given, DIGEST)
    found = store.find("aaaaaaaa")
    assert found is not None
    assert found[0] == given
    assert found[0].created_at.utcoffset() == timedelta(0)


def test_keys_come_oldest_first_and_revoked_ones_too(store: SqlKeyStore) -> None:
    for days, key_id in ((2, "cccccccc"), (0, "bbbbbbbb"), (1, "aaaaaaaa")):
        store.add(key(key_id, created_at=MADE + timedelta(days=days)), DIGEST)
    store.revoke("aaaaaaaa", "a test")
    found = store.keys()
    assert [one.key_id for one in found] == ["bbbbbbbb", "aaaaaaaa", "cccccccc"]
    assert [one.revoked_at is not None for one in found] == [False, True, False]


def test_a_revoked_key_tells_since_when(store: SqlKeyStore) -> None:
    store.add(key("aaaaaaaa"), DIGEST)
    before = datetime.now(UTC)
    revoked = store.revoke("aaaaaaaa", "an officer")
    assert revoked.revoked_at is not None
    assert before <= revoked.revoked_at <= datetime.now(UTC)
    assert store.find("aaaaaaaa") == (revoked, DIGEST)
    assert revoked.state(datetime.now(UTC)) == "revoked"


def test_a_second_revocation_changes_nothing(any_log: SqlMatchLog, store: SqlKeyStore) -> None:
    store.add(key("aaaaaaaa"), DIGEST)
    first = store.revoke("aaaaaaaa", "an officer")
    head = any_log.verify()
    assert store.revoke("aaaaaaaa", "somebody else") == first
    assert any_log.verify() == head


@pytest.mark.parametrize("key_id", ["nowhere", "", "aaaaaaaA", "half \udcff", "nul \0", "x" * 10_000])
def test_an_unknown_key_cannot_be_revoked(any_log: SqlMatchLog, store: SqlKeyStore, key_id: str) -> None:
    store.add(key("aaaaaaaa"), DIGEST)
    with pytest.raises(NotFound, match=r"^The key must be one of the record\. .*crossmatch keys list shows them\.$"):
        store.revoke(key_id, "an officer")
    assert any_log.verify().seq == 1


def test_an_id_that_is_taken_changes_nothing(any_log: SqlMatchLog, store: SqlKeyStore) -> None:
    first = key("aaaaaaaa")
    store.add(first, DIGEST)
    with pytest.raises(LogUnavailable):
        store.add(key("aaaaaaaa", holder="somebody else"), "b" * 64)
    assert store.find("aaaaaaaa") == (first, DIGEST)
    assert any_log.verify().seq == 1


def test_making_and_revoking_are_on_the_chain(any_log: SqlMatchLog, store: SqlKeyStore, outside: Outside) -> None:
    store.add(key("aaaaaaaa", region=None), DIGEST)
    store.revoke("aaaaaaaa", "an officer")
    rows = outside.run("SELECT kind, recorded_by, body FROM entries ORDER BY seq")
    assert [(kind, by) for kind, by, _ in rows] == [("key made", "a test"), ("key revoked", "an officer")]
    made, revoked = (json.loads(body) for *_, body in rows)
    assert made == {
        "key_id": "aaaaaaaa",
        "digest": DIGEST,
        "holder": "the office in Ede",
        "role": "advisor",
        "region": None,
        "created_at": "2026-03-01T08:00:00.000000Z",
        "created_by": "a test",
        "expires_at": "2027-03-01T08:00:00.000000Z",
    }
    assert (revoked["key_id"], revoked["revoked_by"]) == ("aaaaaaaa", "an officer")
    assert any_log.verify().seq == 2


def test_a_key_is_known_to_another_log_and_after_reopening(any_log: SqlMatchLog, store: SqlKeyStore) -> None:
    text, made = Keyring(store).create("the office", "advisor", "nl-oost", by="a test")
    other_log = SqlMatchLog(any_log.database.url)
    other = Keyring(SqlKeyStore(other_log))
    assert other.caller_of(text).key_id == made.key_id
    any_log.record(entry("one"), COMPONENTS)
    other.revoke(made.key_id, "an officer")
    with pytest.raises(KeyRefused):
        Keyring(store).caller_of(text)
    assert any_log.verify() == other_log.verify()
    other_log.close()


def test_the_text_of_a_key_is_nowhere_in_the_database(store: SqlKeyStore, outside: Outside) -> None:
    text, made = Keyring(store).create("the office", "advisor", None, by="a test")
    everything = outside.everything()
    assert made.key_id in everything
    assert text not in everything
    assert text.removeprefix(f"cm_{made.key_id}_") not in everything
