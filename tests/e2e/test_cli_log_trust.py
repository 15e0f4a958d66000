"""`crossmatch log verify|replay|erase|backup|restore`."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

from matcher.log import LoggedList
from tests.e2e.command import NEED, Command, check_refused


def head_of(command: Command) -> str:
    told = command("log", "verify")
    assert told.code == 0, told.err
    [head] = re.findall(r"Head: (\d+:[0-9a-f]{64})", told.out)
    return str(head)


def test_the_record_of_the_command_line_verifies_and_its_head_is_found_again(command: Command) -> None:
    made = command("match", "--need", NEED, "--country", "DK", "-k", "1")
    assert made.code == 0
    head = head_of(command)
    command("match", "--need", NEED, "--country", "NL", "-k", "1")
    assert command("log", "verify", "--head", head).code == 0
    check_refused(command("log", "verify", "--head", "2:" + "0" * 64), "entry 2 of the record", "have the hash")
    check_refused(command("log", "verify", "--head", f"99:{head[2:]}"), "no such entry")
    check_refused(command("log", "verify", "--head", "the last"), "be SEQ:HASH")


def test_a_row_that_was_changed_beside_crossmatch_is_named(command: Command) -> None:
    command("match", "--need", NEED, "--country", "DK", "-k", "2")
    with sqlite3.connect(command.home / "match-log.sqlite3") as outside:
        outside.execute("DROP TRIGGER matches_no_update")
        outside.execute("UPDATE matches SET provider_id = 'someone-else' WHERE rank = 2")
    outside.close()
    check_refused(command("log", "verify"), "entry 2 of the record (match list", "provider_id of match 2", "someone-else")


def test_a_list_is_replayed_and_what_changed_is_told(recorded: tuple[Command, LoggedList]) -> None:
    command, given = recorded
    same = command("log", "replay", given.list_id)
    assert same.code == 0, same.err
    assert json.loads(command("log", "replay", given.list_id, "--json").out)["same"] is True
    check_refused(command("log", "replay", "nowhere"), "match list", "'nowhere'")


def test_a_need_is_erased_for_good(command: Command) -> None:
    word = "Rarissimum"
    made = command("match", "--need", f"{NEED} {word}", "--country", "DK", "-k", "1", "--json")
    [given] = made.records
    erased = command("log", "erase", given["list_id"], "--by", "Office")
    assert erased.code == 0
    assert "was erased on" in erased.out
    assert word not in command("log", "show", given["list_id"]).out
    held = b"".join(file.read_bytes() for file in command.home.glob("match-log.sqlite3*"))
    assert word.encode() not in held
    assert command("log", "verify").code == 0
    check_refused(command("log", "replay", given["list_id"]), "erased")
    assert command("log", "erase").code == 2
    assert command("log", "erase", "--older-than", "30").out == "Erased the words of 0 needs.\n"


def test_a_backup_is_restored_with_the_same_head(command: Command, tmp_path: Path) -> None:
    command("match", "--need", NEED, "--country", "DK", "-k", "2")
    file = tmp_path / "backup.sqlite3"
    made = command("log", "backup", file)
    assert made.code == 0, made.err
    assert head_of(command) in made.out
    check_refused(command("log", "backup", file), "be a new one")
    check_refused(command("log", "restore", file), "be empty")
    other = Command(tmp_path / "other")
    restored = other("log", "restore", file)
    assert restored.code == 0, restored.err
    assert head_of(other) == head_of(command)
    assert other("log", "export").out == command("log", "export").out
    check_refused(Command(tmp_path / "third")("log", "restore", tmp_path / "missing.sqlite3"), "be a backup of a record")
