from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.matcher.workshop.event_folder import only_problem, read, with_lines

HEADER = "id;side;name;country;group;url;provider_id"


def rows(*lines: str) -> str:
    return "\n".join([HEADER, "z;company;Zeta BV;NL;;;", "y;provider;Ypsilon;DE;;;", *lines, ""])


ONE: dict[str, tuple[str, str]] = {
    "one provider of the directory": ("a;company;Alpha;NL;;;bruno", "b;provider;Beta;DE;;;bruno"),
    "one name in one country": ("a;company;Alpha B.V.;NL;;;", "b;provider;ALPHA BV;NL;;;"),
    "one name and one address": ("a;company;Alpha;NL;;https://www.alpha.example/nl;", "b;provider;Alpha;DE;;alpha.example;"),
}


@pytest.mark.parametrize("name", ONE)
def test_an_organisation_that_could_meet_itself_is_refused(tmp_path: Path, name: str) -> None:
    found = only_problem(tmp_path, participants=rows(*ONE[name]))
    assert (found.line, found.column) == (5, "name")
    assert "participants.csv, line 4" in found.found
    assert "same group" in found.remedy


@pytest.mark.parametrize("name", ONE)
def test_of_one_group_it_may_seek_and_offer(tmp_path: Path, name: str) -> None:
    grouped = [line.replace(";NL;;", ";NL;alpha;").replace(";DE;;", ";DE;alpha;") for line in ONE[name]]
    assert len(read(tmp_path, participants=rows(*grouped)).event.participants) == 4


ALIKE: dict[str, tuple[str, str]] = {
    "one name in two countries": ("a;company;Alpha;NL;;;", "b;provider;Alpha;DE;;;"),
    "one address": ("a;company;Alpha;NL;;https://alpha.example;", "b;provider;Alef;NL;;https://alpha.example;"),
    "one name begins the other": ("a;company;Alpha;NL;;;", "b;provider;Alpha Diagnostics;NL;;;"),
}


@pytest.mark.parametrize("name", ALIKE)
def test_who_only_looks_alike_is_noted(tmp_path: Path, name: str) -> None:
    (note,) = read(tmp_path, participants=rows(*ALIKE[name])).notes
    assert "(a)" in note
    assert "(b) look alike" in note


OTHERS: dict[str, tuple[str, str]] = {
    "universities": ("a;company;Universität Ulm;DE;;;", "b;provider;Universität Heidelberg;DE;;;"),
    "a short beginning": ("a;company;Bio;NL;;;", "b;provider;Bio Plant;NL;;;"),
    "one name with two addresses": ("a;company;Alpha;NL;;https://alpha.example;", "b;company;Alpha;NL;;https://alpha.test;"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_others(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, participants=rows(*OTHERS[name])).notes == ()


def test_two_of_one_side_do_not_meet_anyway(tmp_path: Path) -> None:
    two = ("a;provider;Alpha;NL;;;bruno", "b;provider;Beta;DE;;;bruno")
    (note,) = [note for note in read(tmp_path, participants=rows(*two)).notes if "twice" in note]
    assert note == "Alpha is there twice (a and b): both get meetings of their own."


def test_companies_among_themselves_would_meet(tmp_path: Path) -> None:
    two = f"{HEADER}\na;company;Alpha;NL;;;\nb;company;Alpha;NL;;;\n"
    assert only_problem(tmp_path, event_toml=with_lines('kind = "company to company"'), participants=two).line == 3
