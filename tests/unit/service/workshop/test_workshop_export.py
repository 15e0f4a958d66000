from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from embeddings.errors import Refusal
from service.workshop.export import export
from tests.unit.service.workshop.planned_events import meeting, programme


def names(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_everything_to_hand_out_is_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "handouts"
    written = export(programme(), folder)
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
        export(programme(), tmp_path)
    assert names(tmp_path) == ["other.txt"]
    with pytest.raises(Refusal, match="be a folder"):
        export(programme(), tmp_path / "other.txt")


def test_a_new_plan_replaces_the_old_but_not_a_form_that_may_be_filled_in(tmp_path: Path) -> None:
    export(programme(), tmp_path / "out")
    (tmp_path / "out" / "other.txt").write_text("mine")
    form = load_workbook(tmp_path / "out" / "outcomes.xlsx")
    form["outcomes"]["E2"] = "accepted"
    form.save(tmp_path / "out" / "outcomes.xlsx")
    form.close()
    filled = (tmp_path / "out" / "outcomes.xlsx").read_bytes()
    written = export(programme(meeting("lungs", "bruno", "s02")), tmp_path / "out", replace=True)
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
