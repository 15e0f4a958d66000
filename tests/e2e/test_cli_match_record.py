"""What is printed is on record, and the record can be read, listed and exported."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from matcher.log import LoggedList
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import COMPANY, DEADLINE, Command, check_refused


def test_the_list_as_json_is_on_record_to_the_letter(recorded: tuple[Command, LoggedList]) -> None:
    command, given = recorded
    log = SqlMatchLog(f"sqlite:///{command.home / 'match-log.sqlite3'}")
    assert log.get(given.list_id) == given
    log.close()
    shown = command("log", "show", given.list_id, "--json")
    assert (shown.code, shown.out) == (0, given.model_dump_json() + "\n")
    assert given.asked_by == "an advisor"


def test_a_recorded_list_is_shown_to_people_as_it_was_given_out(recorded: tuple[Command, LoggedList]) -> None:
    command, given = recorded
    shown = command("log", "show", given.list_id)
    assert shown.code == 0
    assert given.list_id in shown.out
    for match in given.answer.matches:
        assert match.name.split()[0] in shown.out
        assert f"score {match.score:.2f}" in shown.out
    lists = command("log", "list")
    assert lists.code == 0
    assert given.list_id in lists.out
    assert "DK" in lists.out


def test_the_export_holds_every_match_once_in_both_forms(recorded: tuple[Command, LoggedList], tmp_path: Path) -> None:
    command, given = recorded
    table = list(csv.DictReader(io.StringIO(command("log", "export").out)))
    lines = command("log", "export", "--format", "jsonl").records
    assert [row["match_id"] for row in table] == ["1", "2", "3", "4", "5"]
    assert [{name: str(value) for name, value in line.items()} for line in lines] == table
    for row, match in zip(table, given.answer.matches, strict=False):
        assert (row["list_id"], row["company"]) == (given.list_id, COMPANY)
        assert (row["provider_id"], row["name"], row["country"]) == (match.provider_id, match.name, match.country)
        assert float(row["score"]) == match.score
    file = tmp_path / "export.csv"
    file.write_text("an older export")
    written = command("log", "export", "--out", file)
    assert (written.code, written.out) == (0, "")
    assert list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))) == table
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv"]


def test_an_exported_file_can_be_read_by_whom_other_files_can(recorded: tuple[Command, LoggedList], tmp_path: Path) -> None:
    command, _ = recorded
    ordinary = tmp_path / "ordinary.txt"
    ordinary.touch()
    assert command("log", "export", "--out", tmp_path / "export.csv").code == 0
    assert (tmp_path / "export.csv").stat().st_mode == ordinary.stat().st_mode


def test_an_export_to_a_missing_folder_is_refused_and_leaves_nothing(bare: Command, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    check_refused(
        bare("log", "export", "--out", tmp_path / "missing" / "export.csv"), "export.csv", "No such file or directory"
    )
    assert sorted({path.name for path in tmp_path.iterdir()} - {"home"}) == before
    check_refused(bare("log", "export", "--out", tmp_path / "home"), "Is a directory")
    assert sorted({path.name for path in tmp_path.iterdir()} - {"home"}) == before


def test_an_empty_log_is_listed_and_exported_as_empty(bare: Command) -> None:
    assert bare("log", "list", "--json").out == ""
    assert bare("log", "export", "--format", "jsonl").out == ""
    header = bare("log", "export").out
    assert header.startswith("match_id,list_id,")
    assert header.count("\n") == 1


def test_an_unknown_list_or_form_is_refused(bare: Command) -> None:
    check_refused(bare("log", "show", "nowhere"), "match list", "'nowhere'")
    check_refused(bare("log", "show", b"half-\xff"), "match list")
    check_refused(bare("log", "export", "--format", "pdf"), "csv, jsonl", "'pdf'")


def test_a_reader_that_goes_away_is_no_error_to_report(bare: Command) -> None:
    with bare.popen("log", "export", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(DEADLINE)


def test_a_full_output_device_is_told_in_one_line(bare: Command) -> None:
    full = Path("/dev/full")
    if not full.is_char_device():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as device, bare.popen("log", "export", stdout=device, stderr=subprocess.PIPE) as process:
        said = process.communicate(timeout=DEADLINE)[1].decode()
    assert process.returncode == 1
    assert len(said.splitlines()) == 1
    assert "No space left on device" in said


def test_several_processes_may_make_the_new_log_at_once(bare: Command) -> None:
    running = [bare.popen("log", "list", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate(timeout=DEADLINE) for process in running]
    assert [(process.returncode, *streams) for process, streams in zip(running, said, strict=True)] == [(0, b"", b"")] * 3
    assert json.dumps(bare("log", "list", "--json").out) == '""'
