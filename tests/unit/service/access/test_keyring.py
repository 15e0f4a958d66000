from __future__ import annotations

import ast
import inspect
import string
import threading

import pytest

import service.access.keyring
import service.access.local_link
from matcher.errors import LogUnavailable, NotFound
from service.access.caller import ROLES
from service.access.keyring import STAYS_KNOWN, Keyring, now_in_utc
from service.access.keys import KeyRefused
from tests.unit.service.access.guarded import Clock, KeysInMemory, Recorded

REVOCATION_SECONDS = 5


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("region", [None, "north"])
def test_a_key_tells_who_stands_behind_it(keyring: Recorded, role: str, region: str | None) -> None:
    text, key = keyring.create("the office", role, region, by="y")
    caller = keyring.caller_of(text)
    assert (caller.name, set(caller.roles), caller.region, caller.key_id) == ("the office", {role}, region, key.key_id)


def test_a_key_changed_in_any_one_character_is_refused(keyring: Recorded) -> None:
    text = keyring.key_for("advisor")
    for place, character in enumerate(text):
        others = set(string.ascii_letters + string.digits + "_-é\0 ") - {character}
        for other in sorted(others):
            with pytest.raises(KeyRefused) as refused:
                keyring.caller_of(text[:place] + other + text[place + 1 :])
            assert text[-20:] not in str(refused.value)
    assert keyring.caller_of(text).name == "the advisor"


def test_the_secret_of_one_key_with_the_id_of_another_is_refused(keyring: Recorded) -> None:
    one, other = keyring.key_for("advisor"), keyring.key_for("evaluator")
    with pytest.raises(KeyRefused, match="an unknown one"):
        keyring.caller_of(one[:12] + other[12:])


def test_a_key_is_read_once_and_then_known_for_a_while(keyring: Recorded, store: KeysInMemory, clock: Clock) -> None:
    text = keyring.key_for("advisor")
    for _ in range(100):
        keyring.caller_of(text)
    assert store.reads == 1
    clock.turn(seconds=STAYS_KNOWN.total_seconds())
    keyring.caller_of(text)
    assert store.reads == 2


def test_what_is_not_in_memory_is_not_judged_from_memory(keyring: Recorded, store: KeysInMemory) -> None:
    text = keyring.key_for("advisor")
    assert keyring.known_caller(text) is None
    keyring.caller_of(text)
    assert keyring.known_caller(text) == keyring.caller_of(text)
    with pytest.raises(KeyRefused):
        keyring.known_caller(text[:-1] + ("a" if text[-1] != "a" else "b"))
    with pytest.raises(KeyRefused):
        keyring.known_caller("nonsense")
    assert store.reads == 1


def test_a_key_revoked_elsewhere_lives_no_longer_than_is_said(keyring: Recorded, store: KeysInMemory, clock: Clock) -> None:
    text, key = keyring.create("x", "advisor", None, by="y")
    keyring.caller_of(text)
    store.revoke(key.key_id, "another process")
    clock.turn(seconds=REVOCATION_SECONDS)
    with pytest.raises(KeyRefused, match="was revoked on 2026-03-01"):
        keyring.caller_of(text)


def test_a_clock_that_is_set_back_does_not_lengthen_that(keyring: Recorded, store: KeysInMemory, clock: Clock) -> None:
    text, key = keyring.create("x", "advisor", None, by="y")
    keyring.caller_of(text)
    store.revoke(key.key_id, "another process")
    clock.turn(hours=-1)
    with pytest.raises(KeyRefused):
        keyring.caller_of(text)


def test_a_key_that_is_known_expires_to_the_moment(keyring: Recorded, clock: Clock) -> None:
    text = keyring.key_for("advisor")
    clock.turn(days=365, seconds=-1)
    keyring.caller_of(text)
    clock.turn(seconds=1)
    with pytest.raises(KeyRefused, match="expired on"):
        keyring.known_caller(text)


def test_unknown_keys_leave_nothing_in_memory_and_known_ones_are_bounded(
    keyring: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.access.keyring, "_MOST_KNOWN", 3)
    texts = [keyring.key_for("advisor") for _ in range(5)]
    for text in texts:
        keyring.caller_of(text)
    for number in range(50):
        with pytest.raises(KeyRefused):
            keyring.caller_of(f"cm_{number:08}_{'x' * 43}")
    assert [keyring.known_caller(text) is not None for text in texts] == [False, False, True, True, True]


def test_revoking_twice_changes_nothing_and_an_unknown_id_is_said(keyring: Recorded, clock: Clock) -> None:
    key = keyring.create("x", "advisor", None, by="y")[1]
    first = keyring.revoke(key.key_id, "y")
    clock.turn(days=1)
    assert keyring.revoke(key.key_id, "z") == first
    assert keyring.keys() == [first]
    with pytest.raises(NotFound):
        keyring.revoke("nothing0", "y")


def test_a_store_that_cannot_be_read_is_no_refusal_of_the_key(keyring: Recorded, store: KeysInMemory) -> None:
    text = keyring.key_for("advisor")
    store.broken = True
    with pytest.raises(LogUnavailable):
        keyring.caller_of(text)


def test_many_threads_may_ask_at_once(keyring: Recorded) -> None:
    texts = [keyring.key_for("advisor") for _ in range(20)]
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.extend(keyring.caller_of(text).name for text in texts)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["the advisor"] * 160


def test_the_usual_clock_tells_utc(store: KeysInMemory) -> None:
    assert now_in_utc().utcoffset() is not None
    text, key = Keyring(store).create("x", "advisor", None, by="y")
    assert abs((key.created_at - now_in_utc()).total_seconds()) < 60
    assert Keyring(store).caller_of(text).key_id == key.key_id


@pytest.mark.parametrize("module", [service.access.keyring, service.access.local_link])
def test_secrets_are_compared_in_constant_time(module: object) -> None:
    """No digest stands beside `==`: where secrets are judged, `hmac.compare_digest` does it."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    equalities = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)
    ]
    assert "hmac.compare_digest" in called
    assert [one for one in equalities if "digest" in one or "token" in one or "secret" in one] == []
