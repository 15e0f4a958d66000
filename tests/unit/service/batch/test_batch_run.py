"""A batch from file to file: whole or not at all, on record once, and gone on with where it stood."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from embeddings.errors import Refusal
from matcher.batch_terms import BatchTerms
from matcher.errors import RequestRefused
from matcher.log import ListQuery, LoggedList
from matcher.pipeline import Matcher
from matcher.records import BorderPolicy
from service.batch.needs import ReadNeed, needs_of
from service.batch.refusals import NeedsRefused
from service.batch.run import Order, check_file
from service.desk import Desk
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.unit.matcher.steps import new_step
from tests.unit.service.batch.need_files import FORMS, STORIES, Heard, read, rows, write
from tests.unit.service.batch.running import COUNT, batch, lists_of, names, stopped


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", [".csv", ".parquet"])
def test_every_need_has_its_list_in_the_output_and_on_record(
    small_desk: Desk, small_matcher: Matcher, tmp_path: Path, source: str, form: str
) -> None:
    file = write(tmp_path / f"needs{source}", rows(COUNT))
    heard = Heard()
    out = batch(small_desk, file, f"out{form}", heard)
    needs = [one.need for one in needs_of(file, {}) if isinstance(one, ReadNeed)]
    given = lists_of(small_desk)
    assert [one.answer for one in given] == [small_matcher.match(BatchTerms().request(need)) for need in needs]
    if form == ".jsonl":
        assert [LoggedList.model_validate_json(line) for line in out.read_text().splitlines()] == given
    else:
        listed = [(row["need_id"], row["provider_id"]) for row in read(out) if row["provider_id"]]
        assert listed == [(one.answer.request.need.need_id, match.provider_id) for one in given for match in one.answer.matches]
        assert {row["need_id"] for row in read(out)} == {need.need_id for need in needs}
    assert heard.done[0] == (0, COUNT)
    assert heard.done[-1] == (COUNT, COUNT)
    assert names(tmp_path) == sorted([file.name, out.name])


def test_it_is_opened_and_closed_on_record(small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
    batch(small_desk, file, asked_by="an organiser")
    [name] = {one.batch for one in log.lists(ListQuery(limit=100))}
    assert name is not None
    found = SqlBatches(log).get(name)
    assert (found.opening.source, found.opening.needs, found.opening.refused) == ("needs.csv", COUNT, 0)
    assert found.opening.opened_by == "an organiser"
    assert found.closing is not None
    assert (found.closing.lists, found.closing.closed_by) == (COUNT, "an organiser")
    assert [one.list_id for one in SqlBatches(log).lists(name, limit=100)] == [
        str(uuid.uuid5(uuid.UUID(name), str(number))) for number in range(1, COUNT + 1)
    ]
    assert {one.request_id for one in lists_of(small_desk)} == {name}
    log.verify()


def test_terms_and_fields_for_all_needs_hold_for_each(small_desk: Desk, tmp_path: Path) -> None:
    file = write(tmp_path / "needs.csv", [{"text": story} for story in STORIES])
    terms = BatchTerms(policy=BorderPolicy(mode="require"), k=2)
    batch(small_desk, file, terms=terms, about={"country": "DE", "region": "de-nrw"})
    for one in lists_of(small_desk):
        request = one.answer.request
        assert (request.policy, request.k) == (terms.policy, 2)
        assert (request.need.country, request.need.region) == ("DE", "de-nrw")
        assert all(match.country != "DE" for match in one.answer.matches)


def test_whom_a_company_knows_is_told(small_desk: Desk, tmp_path: Path) -> None:
    file = write(tmp_path / "needs.csv", rows(8, company="Nasovax"))
    batch(small_desk, file)
    first = next(one for one in small_desk.log.every_match())
    for kind in ("introduced", "accepted", "met"):
        small_desk.log.record_step(new_step(kind, match_id=first.match_id), "an advisor")
    out = batch(small_desk, file, "again.csv")
    told = {row["provider_id"] for row in read(out) if row["contact"] and row["need_country"] == first.need_country}
    assert told == {first.match.provider_id}


class TestBadFiles:
    def test_one_bad_row_and_nothing_is_matched(self, small_desk: Desk, log: SqlMatchLog, tmp_path: Path) -> None:
        table = rows(COUNT)
        table[-1]["country"] = "Holland"
        file = write(tmp_path / "needs.csv", table)
        with pytest.raises(NeedsRefused) as caught:
            batch(small_desk, file)
        assert "needs.csv, line 24, column country must be a country" in str(caught.value)
        assert log.verify().seq == 0
        assert names(tmp_path) == ["needs.csv", "out.refused.csv"]
        [row] = [row for row in read(tmp_path / "out.refused.csv") if row["line"]]
        assert (row["line"], row["country"], row["id"]) == ("24", "Holland", f"n-{COUNT - 1}")
        assert str(row["why"]).startswith("Column country must be a country")

    def test_bad_rows_can_be_left_out_and_stand_in_a_file_of_their_own(self, small_desk: Desk, tmp_path: Path) -> None:
        table = rows(COUNT)
        table[0]["text"] = ""
        table[7]["kind"] = "wish"
        table[8]["id"] = table[3]["id"]
        file = write(tmp_path / "needs.jsonl", table)
        out = batch(small_desk, file, skip_bad=True)
        assert {int(row["row"]) for row in read(out)} == {n + 1 for n in range(COUNT) if n not in (0, 7, 8)}
        refused = read(tmp_path / "out.refused.csv")
        assert [(row["line"], row["id"]) for row in refused] == [("1", "n-0"), ("8", "n-7"), ("9", "n-3")]
        assert "must be unique" in str(refused[2]["why"])
        [name] = {one.batch for one in small_desk.log.lists(ListQuery(limit=100))}
        assert SqlBatches(small_desk.log).get(str(name)).opening.refused == 3  # type: ignore[arg-type]

    def test_mended_refused_rows_can_be_given_in_again_but_for_what_was_added(self, small_desk: Desk, tmp_path: Path) -> None:
        table = rows(3)
        table[1]["country"] = "Holland"
        batch(small_desk, write(tmp_path / "needs.csv", table), skip_bad=True)
        [row] = read(tmp_path / "out.refused.csv")
        for added in ("file", "line", "why", "other columns"):
            row.pop(added)
        mended = write(tmp_path / "mended.csv", [row | {"country": "NL"}])
        assert {one["need_id"] for one in read(batch(small_desk, mended, "more.csv"))} == {"n-1"}

    def test_more_problems_than_are_told_at_once_all_stand_in_the_file(self, small_desk: Desk, tmp_path: Path) -> None:
        file = write(tmp_path / "needs.csv", [row | {"country": ""} for row in rows(150)])
        with pytest.raises(NeedsRefused) as caught:
            batch(small_desk, file)
        assert (len(caught.value.problems), caught.value.count) == (100, 150)
        assert len(read(tmp_path / "out.refused.csv")) == 150

    @pytest.mark.parametrize("skip_bad", [True, False])
    def test_a_file_of_bad_rows_only_is_refused_all_the_same(self, small_desk: Desk, tmp_path: Path, skip_bad: bool) -> None:
        for content in ("", "id,text,country\n", "id,text,country\na,,NL\n", "a\nb\n"):
            (tmp_path / "needs.csv").write_text(content)
            with pytest.raises(NeedsRefused):
                batch(small_desk, tmp_path / "needs.csv", skip_bad=skip_bad)
        assert not (tmp_path / "out.csv").exists()

    def test_another_encoding_is_refused_whatever_may_be_skipped(self, small_desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "needs.csv").write_bytes("text,country\nVi søger hjælp,DK\n".encode("latin-1"))
        with pytest.raises(NeedsRefused, match="line 2 must be UTF-8"):
            batch(small_desk, tmp_path / "needs.csv", skip_bad=True)

    def test_checking_matches_nothing(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        looked = check_file(Order(file=file, out=file.parent / "out.csv"), Heard())
        assert (looked.needs, looked.refused) == (COUNT, 0)
        assert log.verify().seq == 0
        assert names(file.parent) == ["needs.csv"]


class TestOutput:
    @pytest.mark.parametrize("out", ["out.pdf", "out", "missing/out.csv", "folder.csv", "needs.csv/out.csv"])
    def test_one_that_cannot_be_written_is_refused_before_anything_is_done(
        self, small_desk: Desk, log: SqlMatchLog, file: Path, out: str
    ) -> None:
        (file.parent / "folder.csv").mkdir()
        with pytest.raises(Refusal):
            batch(small_desk, file, out)
        assert log.verify().seq == 0
        assert names(file.parent) == ["folder.csv", "needs.csv"]

    def test_it_takes_the_place_of_an_older_one_only_when_it_is_whole(self, small_desk: Desk, file: Path) -> None:
        out = file.parent / "out.csv"
        out.write_text("older")
        stopped(small_desk, file, 9)
        assert out.read_text() == "older"
        batch(small_desk, file)
        assert len({row["need_id"] for row in read(out)}) == COUNT

    def test_it_can_be_read_by_whom_other_files_can(self, small_desk: Desk, file: Path) -> None:
        (file.parent / "ordinary").touch()
        assert batch(small_desk, file).stat().st_mode == (file.parent / "ordinary").stat().st_mode

    def test_a_workbook_too_long_for_excel_is_refused_before_anything_is_matched(
        self, small_desk: Desk, log: SqlMatchLog, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.batch.forms.MOST_WORKBOOK_ROWS", 100)
        with pytest.raises(Refusal, match="rows, as Excel can"):
            batch(small_desk, file, "out.xlsx")
        assert log.verify().seq == 0


def test_a_region_that_nobody_belongs_to_is_refused_before_the_file_is_read(small_desk: Desk, tmp_path: Path) -> None:
    terms = BatchTerms.model_validate({"filters": {"regions": ["atlantis"]}})
    with pytest.raises(RequestRefused, match="regions of the filters"):
        batch(small_desk, tmp_path / "missing.csv", terms=terms)
