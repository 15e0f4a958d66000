"""What is remembered of the last verification, and when."""

from __future__ import annotations

import pytest

from matcher.errors import LogUnavailable, RecordBroken
from matcher.log import Head
from service.record.last_verification import LastVerification
from service.record.sql_log import SqlMatchLog
from tests.unit.service.entries import COMPONENTS, entry


def test_nothing_is_known_at_first() -> None:
    assert LastVerification().found is None


def test_the_head_is_that_of_the_record_and_stays(any_log: SqlMatchLog) -> None:
    last = LastVerification()
    any_log.record(entry("l-1", ("aqua", "NL")), COMPONENTS)
    head = last.verify(any_log)
    assert head == any_log.verify() == any_log.head()
    any_log.record(entry("l-2", ("aqua", "NL")), COMPONENTS)
    assert last.found is not None
    assert (last.found.head, last.found.broken) == (head, "")
    assert last.found.seconds >= 0
    assert any_log.head().seq == head.seq + 1


def test_an_empty_record_ends_where_it_begins(any_log: SqlMatchLog) -> None:
    assert any_log.head() == any_log.verify() == Head(seq=0, hash="0" * 64)


def test_what_does_not_hold_is_remembered_and_what_could_not_be_read_is_not(
    any_log: SqlMatchLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = LastVerification()
    refusals = [
        RecordBroken("entry 1", "hold", "nothing", "Restore a backup."),
        LogUnavailable("match log", "be readable", "no disk", "Mount it."),
    ]
    for refusal in refusals:

        def refuse(refusal: Exception = refusal) -> Head:
            raise refusal

        monkeypatch.setattr(any_log, "verify", refuse)
        with pytest.raises(type(refusal)):
            last.verify(any_log)
    assert last.found is not None
    assert (last.found.head, last.found.broken) == (None, str(refusals[0]))
