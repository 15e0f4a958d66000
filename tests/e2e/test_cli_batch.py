"""`crossmatch batch` from a file of needs to a file of match lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import ListQuery, LoggedList
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command, check_refused
from tests.e2e.served import home_with_own_directory, record_of
from tests.unit.service.batch.need_files import FORMS, read, rows, write


@pytest.fixture(scope="module")
def own(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A home with a small directory; tests of this file share its record."""
    return home_with_own_directory(tmp_path_factory.mktemp("batch"), real_encoder)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_matched_and_put_on_record_as_one_batch(own: Command, form: str, tmp_path: Path) -> None:
    needs, out = write(tmp_path / f"needs{form}", rows(5)), tmp_path / f"out{form}"
    result = own("batch", needs, "--out", out, "-k", "2", "--asked-by", "an organiser")
    assert result.code == 0, result.err
    told, on_record = result.out.splitlines()
    assert told.startswith("5 lists (")
    batch_id = on_record.removeprefix("On record as batch ")
    if form == ".jsonl":
        lists = [LoggedList.model_validate_json(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert {one.batch for one in lists} == {batch_id}
    else:
        assert {row["need_id"] for row in read(out)} == {f"n-{number}" for number in range(5)}
    assert result.err.splitlines()[-1].startswith("5 of 5 needs, ")
    listed = own("log", "list", "--batch", batch_id, "--json").records
    assert [one["need_id"] for one in listed] == [f"n-{number}" for number in range(5)][::-1]
    heading = own("log", "list", "--batch", batch_id).out.splitlines()[0]
    assert heading.startswith(f"5 needs of needs{form}, begun ")
    assert own("log", "verify").code == 0


def test_bad_rows_are_named_and_nothing_is_matched(bare: Command, own: Command, tmp_path: Path) -> None:
    table = rows(30)
    for row in table[5:]:
        row["country"] = "Holland"
    needs, out = write(tmp_path / "needs.csv", table), tmp_path / "out.csv"
    result = own("batch", needs, "--out", out)
    assert (result.code, result.out) == (1, "")
    lines = result.err.splitlines()
    assert len(lines) == 22
    assert lines[0].startswith("needs.csv, line 7, column country: must be a country")
    assert lines[20:] == [
        "… and 5 more",
        f"25 problems, also in {tmp_path / 'out.refused.csv'}. Nothing was matched. --skip-bad leaves such rows out.",
    ]
    assert not out.exists()
    left_out = own("batch", needs, "--out", out, "--skip-bad")
    assert left_out.code == 0, left_out.err
    assert f"25 rows were left out: {tmp_path / 'out.refused.csv'}" in left_out.out
    assert len({row["need_id"] for row in read(out)}) == 5
    assert len(read(tmp_path / "out.refused.csv")) == 25


def test_a_file_can_be_looked_through_without_index_and_record(bare: Command, tmp_path: Path) -> None:
    needs = write(tmp_path / "needs.csv", rows(3))
    result = bare("batch", needs, "--out", tmp_path / "out.csv", "--check")
    assert (result.code, result.out, result.err) == (0, "3 needs, all in order. Nothing was matched.\n", "")
    write(needs, [*rows(3), {"id": "x"}])
    result = bare("batch", needs, "--out", tmp_path / "out.csv", "--check")
    assert (result.code, result.out) == (1, "")
    assert not (bare.home / "match-log.sqlite3").exists()


def test_what_cannot_be_is_refused_in_one_line(own: Command, bare: Command, tmp_path: Path) -> None:
    needs, out = write(tmp_path / "needs.csv", rows(2)), tmp_path / "out.csv"
    check_refused(own("batch", needs, "--out", tmp_path / "out.pdf"), "option --out", "'.pdf'")
    check_refused(own("batch", needs, "--out", tmp_path / "missing" / "out.csv"), "No such file or directory")
    check_refused(own("batch", needs, "--out", out, "--policy", "wish"), "mode of the policy")
    check_refused(own("batch", needs, "--out", out, "--in-region", "atlantis"), "regions of the filters")
    check_refused(bare("batch", needs, "--out", out), "index")
    assert own("batch", needs).code == 2
    log = SqlMatchLog(record_of(own))
    assert not [one for one in log.lists(ListQuery(limit=1_000)) if one.company == "nobody"]
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["needs.csv"]


def test_in_a_terminal_a_bar_tells_how_it_goes(own: Command, tmp_path: Path) -> None:
    needs, out = write(tmp_path / "needs.csv", rows(4)), tmp_path / "out.csv"
    result = own.in_terminal("batch", str(needs), "--out", str(out))
    assert result.code == 0, result.out
    assert "Matching" in result.out
    assert "4/4" in result.out


def test_the_record_tells_each_batch(own: Command, tmp_path: Path) -> None:
    needs = write(tmp_path / "needs.csv", rows(2))
    result = own("batch", needs, "--out", tmp_path / "out.csv", "--processes", "1")
    assert result.code == 0, result.err
    log = SqlMatchLog(record_of(own))
    batch = SqlBatches(log).get(result.out.splitlines()[-1].rpartition(" ")[2])
    assert batch.closing is not None
    assert (batch.opening.needs, batch.closing.lists) == (2, 2)
    log.close()
    refused = own("log", "list", "--batch", "nowhere")
    check_refused(refused, "batch", "'nowhere'")
