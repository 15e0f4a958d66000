"""`crossmatch keys`: made, listed, revoked."""

from __future__ import annotations

import re

from tests.e2e.command import Command, check_refused


def test_a_key_is_shown_once_listed_without_it_and_revoked(bare: Command) -> None:
    made = bare("keys", "create", "Advice desk", "--role", "advisor", "--region", "nl-oost", "--days", "30")
    assert made.code == 0, made.err
    key = made.out.strip()
    found = re.fullmatch(r"cm_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}", key)
    assert found is not None
    assert key not in made.err
    listed = bare("keys", "list")
    assert found[1] in listed.out
    assert key not in listed.out
    [told] = bare("keys", "list", "--json").records
    assert (told["holder"], told["role"], told["region"], told["revoked_at"]) == ("Advice desk", "advisor", "nl-oost", None)
    stored = b"".join(file.read_bytes() for file in bare.home.glob("match-log.sqlite3*"))
    assert key.encode() not in stored
    revoked = bare("keys", "revoke", found[1])
    assert (revoked.code, revoked.out) == (0, f"Key {found[1]} of Advice desk is revoked.\n")
    assert "revoked" in bare("keys", "list").out
    assert bare("log", "verify").code == 0


def test_what_cannot_be_a_key_is_refused(bare: Command) -> None:
    terms = ("--role", "advisor", "--region", "nl-oost")
    check_refused(bare("keys", "create", "Desk", "--role", "queen", "--region", "all"), "role", "'queen'")
    check_refused(bare("keys", "create", "Desk", "--role", "advisor", "--region", "atlantis"), "--region", "nl-oost", "'all'")
    check_refused(bare("keys", "create", "", *terms), "holder")
    check_refused(bare("keys", "revoke", "nowhere1"), "key", "'nowhere1'")
    assert bare("keys", "list", "--json").out == ""
