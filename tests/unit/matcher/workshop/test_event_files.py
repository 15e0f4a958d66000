from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from matcher.errors import EventRefused
from matcher.workshop.event import Event, FixedMeeting
from matcher.workshop.event_files import read_event
from tests.fakes import small_directory
from tests.unit.matcher.directory_files import write_workbook
from tests.unit.matcher.workshop.event_folder import EVENT, PARTICIPANTS, only_problem, problems, read, with_lines, write


def test_a_folder_is_an_event(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        wishes="of,about,level\nlungs,bruno,must\nbruno,lungs,Meet\ncarla,lungs,no\n",
        known="company,provider\nvials,carla\n",
        fixed="company,provider,slot\nlungs,bruno,s02\nvials,bruno,\n",
        forbidden="company,provider\nvials,carla\nvials,carla\n",
    )
    event = found.event
    assert found.notes == ()
    assert [one.participant_id for one in event.participants] == ["lungs", "vials", "bruno", "carla"]
    assert [(one.of, one.about, one.level) for one in event.wishes] == [
        ("lungs", "bruno", "must"),
        ("bruno", "lungs", "meet"),
        ("carla", "lungs", "no"),
    ]
    assert event.known == event.forbidden == (("vials", "carla"),)
    assert event.fixed == (
        FixedMeeting(company_id="lungs", provider_id="bruno", slot_id="s02"),
        FixedMeeting(company_id="vials", provider_id="bruno", slot_id=None),
    )
    assert Event.model_validate_json(event.model_dump_json()) == event


def test_single_files_are_the_same_event_as_their_folder(tmp_path: Path) -> None:
    folder = write(tmp_path)
    whole = read_event(folder, small_directory())
    assert read_event([folder / "participants.csv", folder / "event.toml"], small_directory()) == whole


def test_companies_and_providers_may_have_a_file_each_without_a_side(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text(EVENT)
    (tmp_path / "companies.csv").write_text("id,name,country\nlungs,Lungs BV,NL\n")
    rows = [{"provider_id": "bruno"}, {"provider_id": "carla", "languages": ["fr", "en"]}]
    (tmp_path / "providers.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    found = read_event(tmp_path, small_directory()).event.participants
    assert [(one.participant_id, one.side, one.name, one.languages) for one in found] == [
        ("lungs", "company", "Lungs BV", ()),
        ("bruno", "provider", "Bruno Institute", ()),
        ("carla", "provider", "Carla Institute", ("fr", "en")),
    ]


def test_a_workbook_may_hold_every_table_as_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "event.toml").write_text(EVENT)
    sheets = {
        "Participants": [line.split(";") for line in PARTICIPANTS.splitlines()],
        "Wishes": [["Of", "About", "Level"], ["lungs", "bruno", "meet"]],
        "Catering": [["What"], ["Soup"]],
    }
    write_workbook(tmp_path, "everything.xlsx", sheets)
    found = read_event(tmp_path, small_directory())
    assert (len(found.event.participants), len(found.event.wishes)) == (4, 1)
    assert "everything.xlsx[Catering]" in " ".join(found.notes)


def test_times_of_a_workbook_are_read_as_times(tmp_path: Path) -> None:
    import datetime as dt

    (tmp_path / "event.toml").write_text(EVENT)
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["id", "side", "name", "country", "there_from", "most"])
    sheet.append(["lungs", "company", "Lungs BV", "NL", dt.time(9, 55), 1])
    sheet.append(["bruno", "provider", "Bruno", "DE", dt.datetime(2027, 3, 11, 10, 0), None])
    workbook.save(tmp_path / "participants.xlsx")
    workbook.close()
    found = read_event(tmp_path).event.participants
    assert [(one.slots, one.most) for one in found] == [(("s02", "s03"), 1), (("s03",), None)]


def test_every_problem_of_every_file_is_named(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        event_toml=with_lines("tables = 0", instead_of="tables"),
        participants=PARTICIPANTS + "dion;provider;Dion;France;;;\nlungs;company;Lungs;NL;;;\n",
        wishes="of,about,level\nlungs,carla,perhaps\n",
        known="company,provider\nbruno,carla\n",
    )
    assert sorted((one.file, one.line, one.column) for one in found) == [
        ("event.toml", 7, "tables"),
        ("known.csv", 2, "company"),
        ("participants.csv", 6, "country"),
        ("participants.csv", 7, "id"),
        ("wishes.csv", 2, "level"),
    ]


def test_a_missing_row_of_participants_is_not_told_twice(tmp_path: Path) -> None:
    found = only_problem(
        tmp_path,
        participants=PARTICIPANTS.replace(";FR;", ";Frankrijk;"),
        wishes="of,about,level\nvials,carla,meet\n",
    )
    assert (found.file, found.column) == ("participants.csv", "country")


def test_what_only_shows_together_is_told_of_the_event(tmp_path: Path) -> None:
    found = only_problem(tmp_path, participants="id;side;name;country\nlungs;company;Lungs BV;NL\n")
    assert "have at least one provider" in found.required
    assert found.file == "event.toml"


def test_columns_and_files_that_mean_nothing_are_noted(tmp_path: Path) -> None:
    (tmp_path / "catering.csv").write_text("what\nsoup\n")
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "~$participants.xlsx").write_bytes(b"lock")
    (tmp_path / "outcomes.xlsx").write_bytes(b"read at another time")
    notes = read(tmp_path, wishes="of,about,level,why\nlungs,bruno,meet,lunch\n").notes
    assert [note.split(":")[-1].strip() for note in notes] == ["catering.csv", "wishes.csv, why"]


@pytest.mark.parametrize("missing", ["event.toml", "participants.csv"])
def test_a_file_that_must_be_there_is_named(tmp_path: Path, missing: str) -> None:
    (write(tmp_path) / missing).unlink()
    with pytest.raises(EventRefused) as caught:
        read_event(tmp_path, small_directory())
    (found,) = caught.value.problems
    assert found.file in (missing, "event")


def test_two_tables_of_one_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "participants.jsonl").write_text('{"id": "x", "side": "company", "name": "X", "country": "NL"}\n')
    found = only_problem(tmp_path)
    assert (found.file, found.required) == ("participants.jsonl", "be the only table participants of the event")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EventRefused) as caught:
        read_event([write(tmp_path) / "event.toml", tmp_path / "participants.xlsx"])
    assert caught.value.problems[0].file == "participants.xlsx"
