"""Settings and logs that cannot be used: one line, no list given out."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.e2e.command import NEED, Command, check_refused

ASK = ("match", "--need", NEED, "--country", "DK")


def test_a_log_that_may_only_be_read_gives_no_answer(command: Command) -> None:
    assert command("log", "list").code == 0
    file = command.home / "match-log.sqlite3"
    read_only = command.with_settings(log_url=f"sqlite:///file:{file}?mode=ro&uri=true")
    check_refused(read_only(*ASK), "readonly", "No answer is given out that is not on record")
    assert command("log", "list", "--json").out == ""


def test_a_log_of_a_newer_version_gives_no_answer(bare: Command) -> None:
    assert bare("log", "list").code == 0
    connection = sqlite3.connect(bare.home / "match-log.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.close()
    check_refused(bare("log", "list"), "version 0999", "Use the version of Crossmatch that wrote it")


def test_a_home_that_runs_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("not a folder")
    lost = Command(tmp_path).with_settings(home=str(tmp_path / "note.txt" / "home"))
    check_refused(lost("log", "list"), "Not a directory", "CROSSMATCH_HOME")
    check_refused(lost("index", "build"), "Not a directory")


def test_a_vector_cache_that_is_none_is_refused_by_name(bare: Command) -> None:
    bare.home.mkdir()
    (bare.home / "passage-vectors.sqlite3").write_text("far from being a database " * 20)
    check_refused(bare("index", "build"), "passage-vectors.sqlite3")


def test_a_setting_that_makes_no_sense_is_named(bare: Command) -> None:
    check_refused(bare.with_settings(log_url="match log")("log", "list"), "log_url", "sqlite:////")
    check_refused(bare.with_settings(encoder="abacus")(*ASK), "'abacus'", "bundled-e5")
    for name, value in {"recent_queries": "-1", "largest_body": "much", "directory": "providers.csv"}.items():
        result = bare.with_settings(**{name: value})("log", "list")
        assert (result.code, result.out) == (1, "")
        assert len(result.err.splitlines()) == 1, result.err
        assert f"CROSSMATCH_{name.upper()}" in result.err
