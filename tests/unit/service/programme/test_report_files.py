from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.programme.report_records import ProgrammeReport
from matcher.rates import rate
from service.programme.report_cells import Money, ReportTable, Share, as_text, csv_of
from service.programme.report_files import check_folder, write_report
from service.programme.report_tables import SIMULATED, tables_of
from tests.unit.matcher.programme.report_world import small_report

TABLE = ReportTable(
    "one", "One.", ["who", "how many", "sum", "part"], [["a", 1, Money(123_456), rate(1, 4)], ["b", None, Money(-5), None]]
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_cell_reads_as_people_write_it() -> None:
    assert as_text(Money(123_456)) == "1,234.56"
    assert as_text(Money(-50)) == "−0.50"
    assert as_text(Share(0.125)) == "12.5%"
    assert as_text(Share(None)) == as_text(None) == "–"
    assert as_text(1234) == "1,234"
    assert as_text(rate(0, 0)) == "0 of 0"
    assert as_text(rate(5, 10)) == "5 of 10 (50%, 95\u00a0%: 24% to 76%)"
    assert as_text(rate(1, 9)).endswith("; few)")


def test_a_spreadsheet_gets_plain_numbers_and_each_row_says_whether_it_is_simulated() -> None:
    first, second = rows(csv_of(TABLE, simulated=True))
    assert (first["simulated"], first["sum"], first["part count"], first["part of"]) == ("yes", "1234.56", "1", "4")
    assert float(first["part share"]) == 0.25
    assert (second["sum"], second["how many"], second["part low"]) == ("-0.05", "", "")
    assert rows(csv_of(TABLE, simulated=False))[0]["simulated"] == "no"


def test_every_table_is_a_rectangle(simulated_report: ProgrammeReport) -> None:
    for name, table in tables_of(simulated_report).items():
        assert {len(row) for row in table.rows} == {len(table.columns)}, name
        assert table.caption.startswith(SIMULATED), name
        for row in rows(csv_of(table, simulated=True)):
            assert row["simulated"] == "yes"
            assert None not in row


def test_the_folder_holds_a_page_json_and_a_table_each(simulated_report: ProgrammeReport, tmp_path: Path) -> None:
    target = tmp_path / "new" / "out"
    names = write_report(simulated_report, "<html/>", target)
    assert sorted(one.name for one in target.iterdir()) == sorted(names)
    assert sorted(names) == sorted(["report.html", "report.json", *(f"{name}.csv" for name in tables_of(simulated_report))])
    told = json.loads((target / "report.json").read_text(encoding="utf-8"))
    assert told["simulated"] is True
    assert ProgrammeReport.model_validate(told) == simulated_report
    regions = rows((target / "incentives-by-region.csv").read_text(encoding="utf-8"))
    assert sum(int(one["given"]) for one in regions if one["region"] != "all") == 224
    assert [one.name for one in tmp_path.iterdir()] == ["new"]


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    write_report(small_report(), "<html/>", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Refusal, match="be a folder"):
        check_folder(tmp_path / "file")
    with pytest.raises(Refusal, match="be writable"):
        write_report(small_report(), "<html/>", tmp_path / "file")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
