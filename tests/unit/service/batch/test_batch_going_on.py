"""A batch that was stopped goes on where it stood, with the same result, and never as another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matcher.batch_terms import BatchTerms
from matcher.errors import LogUnavailable
from matcher.log import ListQuery
from matcher.pipeline import build_matcher
from matcher.records import BorderPolicy
from service.batch.folder import NOTE, SPOOL
from service.batch.refusals import BatchRefused
from service.desk import Desk
from service.record.sql_batches import SqlBatches
from service.record.sql_log import SqlMatchLog
from tests.fakes import FakeEncoder
from tests.unit.service.batch.need_files import FORMS, Heard, read, rows, write
from tests.unit.service.batch.running import COUNT, batch, comparable, names, stopped


class TestGoingOn:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("after", [0, 4, 12, COUNT])
    def test_the_same_command_goes_on_where_it_stood(
        self, small_desk: Desk, log: SqlMatchLog, file: Path, form: str, after: int
    ) -> None:
        unbroken = batch(small_desk, file, f"unbroken{form}")
        stopped(small_desk, file, after, f"out{form}")
        assert not (file.parent / f"out{form}").exists()
        heard = Heard()
        out = batch(small_desk, file, f"out{form}", heard)
        assert heard.done[0] == (after, COUNT)
        assert comparable(out) == comparable(unbroken)
        assert len(log.lists(ListQuery(limit=1_000))) == 2 * COUNT
        assert len({one.batch for one in log.lists(ListQuery(limit=1_000))}) == 2
        log.verify()
        assert names(file.parent) == sorted(["needs.csv", out.name, unbroken.name])

    def test_however_often_it_is_stopped(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        for after in range(4, COUNT, 4):
            stopped(small_desk, file, after)
        batch(small_desk, file)
        assert len(log.lists(ListQuery(limit=1_000))) == COUNT
        assert log.verify().seq == COUNT + 3

    def test_lines_that_were_lost_are_read_from_the_record(self, small_desk: Desk, file: Path) -> None:
        unbroken = batch(small_desk, file, "unbroken.csv")
        stopped(small_desk, file, 12)
        (file.parent / ".out.csv.batch" / SPOOL).unlink()
        assert comparable(batch(small_desk, file)) == comparable(unbroken)

    def test_lines_of_lists_that_did_not_get_on_record_are_dropped(self, small_desk: Desk, file: Path) -> None:
        unbroken = batch(small_desk, file, "unbroken.csv")
        stopped(small_desk, file, 12)
        with (file.parent / ".out.csv.batch" / SPOOL).open("a") as spool:
            spool.write('13\t[["of a list that was never recorded"]]\n14\t[[')
        assert comparable(batch(small_desk, file)) == comparable(unbroken)

    def test_rows_that_are_left_out_are_left_out_again(self, small_desk: Desk, tmp_path: Path) -> None:
        table = rows(COUNT)
        table[2]["country"] = table[9]["country"] = "Holland"
        file = write(tmp_path / "needs.csv", table)
        unbroken = batch(small_desk, file, "unbroken.csv", skip_bad=True)
        stopped(small_desk, file, 8, skip_bad=True)
        assert comparable(batch(small_desk, file, skip_bad=True)) == comparable(unbroken)
        assert len(read(tmp_path / "out.refused.csv")) == 2

    def test_a_full_disk_of_the_record_ends_it_and_it_goes_on(
        self, small_desk: Desk, log: SqlMatchLog, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written = SqlBatches.record_prepared
        with monkeypatch.context() as patched:
            calls: list[int] = []

            def full(batches: SqlBatches, lists: Any) -> None:
                calls.append(len(lists))
                if len(calls) == 3:
                    raise LogUnavailable("match log", "be writable", "a full disk", "Free space.")
                written(batches, lists)

            patched.setattr(SqlBatches, "record_prepared", full)
            with pytest.raises(LogUnavailable):
                batch(small_desk, file)
        assert len(log.lists(ListQuery(limit=100))) == 8
        batch(small_desk, file)
        assert len(log.lists(ListQuery(limit=100))) == COUNT
        log.verify()

    def test_what_is_finished_is_begun_anew_by_the_same_command(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        first = comparable(batch(small_desk, file))
        assert comparable(batch(small_desk, file)) == first
        assert len({one.batch for one in log.lists(ListQuery(limit=100))}) == 2


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "terms": ({"terms": BatchTerms(k=3)}, r"terms \(k\)"),
    "policy": ({"terms": BatchTerms(policy=BorderPolicy(beta=2.0))}, r"terms \(policy\)"),
    "fields": ({"about": {"language": "en"}}, "fields for all needs"),
    "skip": ({"skip_bad": True}, "--skip-bad"),
    "asker": ({"asked_by": "somebody else"}, "--asked-by"),
}


class TestAnotherCommand:
    @pytest.mark.parametrize("change", CHANGES)
    def test_a_batch_is_not_gone_on_with_under_other_terms(self, small_desk: Desk, file: Path, change: str) -> None:
        stopped(small_desk, file, 8)
        changed, named = CHANGES[change]
        with pytest.raises(BatchRefused, match=named) as caught:
            batch(small_desk, file, **changed)
        assert "--anew" in str(caught.value)
        assert "out.csv" in names(file.parent) or (file.parent / ".out.csv.batch" / NOTE).exists()
        batch(small_desk, file)

    def test_nor_with_another_file(self, small_desk: Desk, file: Path) -> None:
        stopped(small_desk, file, 8)
        before = file.read_bytes()
        write(file, rows(COUNT + 1))
        with pytest.raises(BatchRefused, match="file of needs of the batch that was begun at"):
            batch(small_desk, file)
        file.write_bytes(before)
        batch(small_desk, file)

    def test_nor_with_another_index(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        stopped(small_desk, file, 8)
        encoder = FakeEncoder()
        other = build_matcher(small_desk.matcher.index, encoder, model=None)
        other.fingerprint = "another"
        with pytest.raises(BatchRefused, match="index and its settings"):
            batch(Desk(other, log), file)

    def test_it_can_be_given_up(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        stopped(small_desk, file, 8)
        [given_up] = {one.batch for one in log.lists(ListQuery(limit=100))}
        out = batch(small_desk, file, terms=BatchTerms(k=1), anew=True)
        assert {row["rank"] for row in read(out)} <= {"1", None}
        closing = SqlBatches(log).get(str(given_up)).closing
        assert closing is not None
        assert closing.lists == 8
        assert len({one.batch for one in log.lists(ListQuery(limit=100))}) == 2
        log.verify()

    def test_to_give_up_what_was_never_begun_is_to_begin(self, small_desk: Desk, file: Path) -> None:
        batch(small_desk, file, anew=True)

    def test_a_file_that_changes_while_it_is_matched_ends_it(self, small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
        class Changing(Heard):
            def matched(self, done: int, needs: int) -> None:
                if done == 8:
                    file.write_bytes(file.read_bytes() + b"\n")

        with pytest.raises(BatchRefused, match="must stay as it is until the batch is finished"):
            batch(small_desk, file, heard=Changing())
        assert len(log.lists(ListQuery(limit=100))) == 8

    def test_a_note_that_cannot_be_read_is_told(self, small_desk: Desk, file: Path) -> None:
        stopped(small_desk, file, 8)
        note = file.parent / ".out.csv.batch" / NOTE
        for content in ("{", "[]", json.dumps({"opening": 7})):
            note.write_text(content)
            with pytest.raises(BatchRefused, match="must be that of a batch"):
                batch(small_desk, file)

    def test_two_do_not_work_on_one_output(self, small_desk: Desk, file: Path) -> None:
        class Meanwhile(Heard):
            def matched(self, done: int, needs: int) -> None:
                if done == 8:
                    with pytest.raises(BatchRefused, match="must be worked on by one at a time"):
                        batch(small_desk, file)

        batch(small_desk, file, heard=Meanwhile())
