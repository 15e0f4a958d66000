from __future__ import annotations

from pathlib import Path

import pytest

from matcher.workshop.event import Participant
from tests.unit.matcher.workshop.event_folder import only_problem, read, with_rows, with_slots

HEADER = "id;side;name;country;languages;need;provider_id"


def one(folder: Path, columns: str, cells: str, **files: str) -> Participant:
    """The participant of a row under these columns; a provider comes with it."""
    columns_of_row = f"{columns};id;side;name;country"
    rows = f"{columns_of_row}\n{cells};acme;company;Acme;DK\n{';' * columns.count(';')};bruno;provider;Bruno;DE\n"
    found = read(folder, participants=rows, **files).event.participants
    return found[0]


def test_a_provider_takes_from_the_directory_what_its_row_leaves_empty(tmp_path: Path) -> None:
    bruno, carla = read(tmp_path).event.participants[2:]
    assert (bruno.name, bruno.country, bruno.region, bruno.provider_id) == ("Bruno Institute", "DE", "de-nrw", "bruno")
    assert (carla.name, carla.country, carla.region) == ("Carla Plant", "BE", "be-liege")


def test_a_need_has_its_companys_identity(tmp_path: Path) -> None:
    need = one(
        tmp_path,
        "Need title;need;need_language;categories;url;region",
        "Lung models;We look for lungs.;EN;technology, Finance;https://acme.example;dk-danmark",
    ).need
    assert need is not None
    assert (need.title, need.text, need.language) == ("Lung models", "We look for lungs.", "en")
    assert need.categories == ("technology", "finance")
    assert (need.company, need.country, need.region) == ("Acme", "DK", "dk-danmark")
    assert (need.company_url, need.need_id) == ("https://acme.example", "acme")


def test_a_title_alone_is_a_need(tmp_path: Path) -> None:
    need = one(tmp_path, "need_title", "Lung models").need
    assert need is not None
    assert (need.text, need.title) == ("Lung models", "")


@pytest.mark.parametrize(
    ("columns", "cells", "slots"),
    [
        ("slots", "s03, s01", ("s03", "s01")),
        ("slots", "", ()),
        ("there_from", "09:55", ("s02", "s03")),
        ("there_until", "10:15", ("s01", "s02")),
        ("there_from;there_until", "2027-03-11 09:31;10:15", ("s02",)),
        ("there_from;there_until", "09:00;18:00", ()),
    ],
)
def test_who_comes_late_or_leaves_early_has_fewer_slots(
    tmp_path: Path, columns: str, cells: str, slots: tuple[str, ...]
) -> None:
    assert one(tmp_path, columns, cells).slots == slots


@pytest.mark.parametrize("cell", ["nl, en", "NL;en", "nl en", "nl/en"])
def test_languages_may_be_listed_in_several_ways(tmp_path: Path, cell: str) -> None:
    assert one(tmp_path, "languages", f'"{cell}"').languages == ("nl", "en")


WRONG: dict[str, tuple[str, str, str]] = {
    "no name": (";company;;NL;;;", "name", "be given"),
    "no side": ("acme;;Acme;NL;;;", "side", "be given"),
    "another side": ("acme;speaker;Acme;NL;;;", "side", "be one of 'company' or 'provider'"),
    "no country": ("acme;company;Acme;UK;;;", "country", "two ISO 3166 letters"),
    "no language": ("acme;company;Acme;NL;english;;", "languages", "ISO 639"),
    "a need without words": ("acme;company;Acme;NL;;???;", "need", "say in words"),
    "an unknown provider": ("acme;provider;Acme;NL;;;zoe", "provider_id", "be a provider of the directory"),
    "an id again": ("lungs;company;Acme;NL;;;", "id", "be unique"),
    "a side again": ("bruno;company;Acme;NL;;;", "id", "be unique"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named_by_line_and_column(tmp_path: Path, name: str) -> None:
    row, column, required = WRONG[name]
    row = row if not row.startswith(";") else f"acme{row}"
    found = only_problem(tmp_path, participants=with_rows(row))
    assert (found.file, found.line, found.column) == ("participants.csv", 6, column)
    assert required in found.required
    assert found.remedy


def test_one_id_on_both_sides_is_told_what_to_do(tmp_path: Path) -> None:
    found = only_problem(tmp_path, participants=with_rows("bruno;company;Acme;NL;;;"))
    assert found.remedy == "Give each side its own id, and both the same group."


TIMES_AND_LOADS: dict[str, tuple[str, str, str, str]] = {
    "an unknown slot": ("slots", "s09", "slots", "name slots of the event"),
    "slots and times": ("slots;there_from", "s01;09:00", "slots", "be empty where there_from"),
    "no time left": ("there_from", "10:21", "there_from", "leave time for at least one slot"),
    "no time": ("there_until", "noon", "there_until", "be a time of day"),
    "more meetings than slots": ("least;most", "4;5", "least", "be no more than the 3 slots"),
    "more than its most": ("least;most", "3;2", "least", "be no greater than its most (2)"),
    "more than the event's most": ("least", "3", "least", "be no greater than the event's most (2)"),
    "no number": ("most", "many", "most", "be a whole number"),
}


@pytest.mark.parametrize("name", TIMES_AND_LOADS)
def test_times_and_loads_that_cannot_be_are_named(tmp_path: Path, name: str) -> None:
    columns, cells, column, required = TIMES_AND_LOADS[name]
    names = f"{columns};id;side;name;country"
    rows = f"{names}\n{cells};acme;company;Acme;DK\n{';' * columns.count(';')};bruno;provider;Bruno;DE\n"
    found = only_problem(tmp_path, participants=rows)
    assert (found.line, found.column) == (2, column)
    assert required in found.required


def test_a_time_alone_says_no_day_where_the_event_has_several(tmp_path: Path) -> None:
    event = with_slots("[slots]", 'first = "09:30"', "length = 20", "count = 2", date="date = [2027-03-11, 2027-03-12]")
    assert one(tmp_path, "there_from", "2027-03-12 09:00", event_toml=event).slots == ("d2-s01", "d2-s02")
    rows = "id;side;name;country;there_from\nacme;company;Acme;DK;09:00\nbruno;provider;Bruno;DE;\n"
    assert "have its day" in only_problem(tmp_path, event_toml=event, participants=rows).required


@pytest.mark.parametrize("column", ["id", "side"])
def test_a_column_that_must_be_there_is_named(tmp_path: Path, column: str) -> None:
    columns = [name for name in ("id", "side", "name", "country") if name != column]
    found = only_problem(tmp_path, participants=f"{';'.join(columns)}\na;b;c\n")
    assert (found.line, found.column, found.required) == (1, column, "be a column of the table")


def test_a_need_of_a_provider_and_another_country_are_noted(tmp_path: Path) -> None:
    rows = with_rows("aqua;provider;Aqua;GB;;We need money.;aqua")
    notes = read(tmp_path, participants=rows).notes
    assert notes == (
        "Aqua (aqua) is a provider: its need is passed over.",
        "Aqua (aqua) has the country GB here and NL in the directory: the first counts.",
    )
