from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from embeddings.errors import Refusal
from service.workshop.export import export
from service.workshop.final import next_version
from service.workshop.programme import Programme
from tests.unit.service.workshop.planned_events import final, final_programme, meeting, planned, programme


def names(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_everything_to_hand_out_is_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "handouts"
    written = export(final_programme(), folder)
    calendars = ["bruno-bruno-institute", "carla-carla-plant", "lungs-lungs-bv", "vials-vials-son"]
    assert names(folder) == [
        "booklet.html",
        "calendars.zip",
        *(f"calendars/{name}.ics" for name in calendars),
        "outcomes.xlsx",
        "plan.xlsx",
    ]
    assert len(written) == 4
    assert [file.name for file in folder.parent.iterdir()] == ["handouts"]
    with zipfile.ZipFile(folder / "calendars.zip") as archive:
        assert archive.namelist() == [f"{name}.ics" for name in ("lungs-lungs-bv", "vials-vials-son", *calendars[:2])]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("mine")
    with pytest.raises(Refusal, match="--force"):
        export(final_programme(), tmp_path)
    assert names(tmp_path) == ["other.txt"]
    with pytest.raises(Refusal, match="be a folder"):
        export(final_programme(), tmp_path / "other.txt")


def test_a_new_plan_replaces_the_old_but_not_a_form_that_may_be_filled_in(tmp_path: Path) -> None:
    export(final_programme(), tmp_path / "out")
    (tmp_path / "out" / "other.txt").write_text("mine")
    form = load_workbook(tmp_path / "out" / "outcomes.xlsx")
    form["outcomes"]["E2"] = "accepted"
    form.save(tmp_path / "out" / "outcomes.xlsx")
    form.close()
    filled = (tmp_path / "out" / "outcomes.xlsx").read_bytes()
    written = export(final_programme(meeting("lungs", "bruno", "s02")), tmp_path / "out", replace=True)
    assert names(tmp_path / "out") == [
        "booklet.html",
        "calendars.zip",
        "calendars/bruno-bruno-institute.ics",
        "calendars/lungs-lungs-bv.ics",
        "other.txt",
        "outcomes.xlsx",
        "plan.xlsx",
    ]
    assert (tmp_path / "out" / "outcomes.xlsx").read_bytes() == filled
    assert written[-1] == "outcomes.xlsx: was there already and stays as it is"
    rows = load_workbook(io.BytesIO((tmp_path / "out" / "plan.xlsx").read_bytes()))["Companies"]
    assert rows["E2"].value == "s02"


def test_a_draft_has_no_form_so_that_none_of_its_meetings_is_reported_on(tmp_path: Path) -> None:
    written = export(programme(), tmp_path / "out")
    assert written[2:] == [
        "calendars/ and calendars.zip: 4 calendars, tentative",
        "outcomes.xlsx: comes with the final plan",
    ]
    assert "outcomes.xlsx" not in names(tmp_path / "out")
    assert export(final_programme(), tmp_path / "out", replace=True)[-1] == "outcomes.xlsx: to fill in after the event"
    assert "outcomes.xlsx" in names(tmp_path / "out")


def test_a_form_of_an_earlier_version_stays_and_how_to_have_a_new_one_is_told(tmp_path: Path) -> None:
    export(final_programme(), tmp_path / "out")
    second = Programme(next_version(final(), planned(meeting("lungs", "bruno", "s02"))))
    assert export(second, tmp_path / "out", replace=True)[-1].endswith("; move it away to have one of this version's meetings")
    assert "calendars/vials-vials-son.ics" in names(tmp_path / "out")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Refusal, match=r"file/out must be writable. Got Not a directory"):
        export(programme(), tmp_path / "file" / "out")
    assert names(tmp_path) == ["file"]
