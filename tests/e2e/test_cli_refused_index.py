"""An index that cannot be used is refused with the way out, and no list is given out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.command import NEED, Command, check_refused

ASK = ("match", "--need", NEED, "--country", "DK")


def build_of(command: Command) -> Path:
    index = command.home / "index"
    return index / "builds" / (index / "CURRENT").read_text().split()[0]


def test_a_missing_index_is_refused_with_the_command_that_builds_it(bare: Command) -> None:
    check_refused(bare(*ASK), "must hold an index", "crossmatch index build")
    check_refused(bare("serve", "--port", "0"), "must hold an index")


@pytest.mark.parametrize("name", ["providers.json", "ordinary.npz"])
def test_a_file_cut_short_is_named(command: Command, name: str) -> None:
    file = build_of(command) / name
    content = file.read_bytes()
    file.write_bytes(content[:-10])
    check_refused(command(*ASK), name, f"must have {len(content)} bytes. Got {len(content) - 10} bytes", "index build")


def test_a_file_with_one_other_byte_is_named(command: Command) -> None:
    file = max(build_of(command).iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    check_refused(command(*ASK), file.name, "unaltered")


def test_an_index_of_another_encoder_is_refused_with_both_names(command: Command) -> None:
    file = build_of(command) / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    own = manifest["encoder"]
    file.write_text(json.dumps({**manifest, "encoder": "another-model"}), encoding="utf-8")
    check_refused(command(*ASK), own, "another-model", "crossmatch index build")
    assert not (command.home / "match-log.sqlite3").exists()


@pytest.mark.parametrize("content", [b"", b"no-such-build", b"\xff\xfe"])
def test_a_pointer_that_leads_nowhere_is_refused(command: Command, content: bytes) -> None:
    (command.home / "index" / "CURRENT").write_bytes(content)
    check_refused(command(*ASK), "manifest", "crossmatch index build")


def test_an_index_without_a_file_that_it_needs_is_refused(command: Command) -> None:
    build = build_of(command)
    file = build / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    gone = next(name for name in sorted(manifest["files"]) if name.startswith("lexical/"))
    del manifest["files"][gone]
    (build / gone).unlink()
    file.write_text(json.dumps(manifest), encoding="utf-8")
    check_refused(command(*ASK), "crossmatch index build")
