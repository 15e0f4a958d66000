"""Colour for people at a terminal, plain text for everything else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from matcher.log import LoggedList
from tests.e2e.command import NEED, Command

Recorded = tuple[Command, LoggedList]


def test_a_pipe_gets_plain_text_of_a_fixed_width(recorded: Recorded) -> None:
    command, given = recorded
    result = command("log", "show", given.list_id)
    assert (result.code, result.err) == (0, "")
    assert "\x1b" not in result.out
    assert "across the border" in result.out
    assert "https://" in result.out
    assert 100 < max(len(line) for line in result.out.splitlines()) <= 120


def test_a_terminal_gets_colour_and_its_own_width(recorded: Recorded) -> None:
    command, given = recorded
    result = command.in_terminal("log", "show", given.list_id, columns=70)
    assert result.code == 0
    assert "\x1b[1m" in result.out
    assert "\x1b[36m" in result.out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.out)
    assert "across the border" in plain
    assert max(len(line) for line in plain.splitlines()) <= 70


def test_who_wants_no_colour_gets_none(recorded: Recorded) -> None:
    command, given = recorded
    result = Command(command.home, {"NO_COLOR": "1"}).in_terminal("log", "show", given.list_id)
    assert result.code == 0
    assert "across the border" in result.out
    assert "\x1b[3" not in result.out


def test_a_match_at_a_terminal_has_colour_and_a_progress_bar(command: Command) -> None:
    result = command.in_terminal("match", "--need", NEED, "--country", "DK", "-k", "1")
    assert result.code == 0
    assert "\x1b[" in result.out
    assert "Matching" in result.out
    assert command("log", "list", "--json").records[0]["list_id"] in result.out


def test_json_goes_where_standard_output_goes_though_the_progress_bar_is_at_a_terminal(
    command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "answers.jsonl"
    result = command.in_terminal("match", "--need", NEED, "--country", "DK", "-k", "2", "--json", into=file)
    assert result.code == 0
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [len(json.loads(line)["answer"]["matches"]) for line in lines] == [2]
    assert "Matching" in result.out
    assert "list_id" not in result.out
