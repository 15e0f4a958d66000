"""`log note|notes` and `company link|corrections|answer`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.notes import NewNote
from service.record.sql_log import SqlMatchLog
from service.record.sql_notes import SqlNotes
from tests.e2e.command import Command, check_refused
from tests.unit.service.entries import COMPONENTS, entry


@pytest.fixture
def log(bare: Command) -> Iterator[SqlMatchLog]:
    bare.home.mkdir(parents=True)
    opened = SqlMatchLog(f"sqlite:///{bare.home / 'match-log.sqlite3'}")
    opened.record(entry("l-1", ("bruno", "DE"), ("dora", "DE"), company="Nasovax BV", region="nl-oost"), COMPONENTS)
    yield opened
    opened.close()


def asked(log: SqlMatchLog) -> int:
    new = NewNote(list_id="l-1", match_id=2, kind="correction asked", text="We never met [them].")
    return SqlNotes(log).write(new, "link abc").note_id


def test_notes_are_written_and_read(bare: Command, log: SqlMatchLog) -> None:
    assert bare("log", "note", "l-1", "Call again [in May].", "--match", "1", "--by", "an advisor").code == 0
    table = bare("log", "notes", "l-1").out
    assert "Call again [in May]." in table
    assert "an advisor" in table
    [note] = bare("log", "notes", "l-1", "--json").records
    assert (note["match_id"], note["kind"]) == (1, "note")
    check_refused(bare("log", "note", "l-1", " "), "say something")
    check_refused(bare("log", "note", "l-1", "x", "--match", "9"), "be on list 'l-1'")
    check_refused(bare("log", "notes", "l-9"), "match list")


def test_a_correction_is_seen_and_answered_once(bare: Command, log: SqlMatchLog) -> None:
    number = asked(log)
    table = bare("company", "corrections").out
    assert "We never met [them]." in table
    assert "1 waits for an answer" in table
    assert bare("company", "corrections", "--region", "de-nrw", "--json").out == ""
    result = bare("company", "answer", str(number), "It did take place, on 3 March.", "--declined")
    assert result.code == 0, result.err
    assert "correction declined" in result.out
    assert [one.kind for one in SqlNotes(log).of_list("l-1")] == ["correction asked", "correction declined"]
    check_refused(bare("company", "answer", str(number), "Again."), "be a correction that waits for an answer")
    log.verify()


def test_a_company_gets_a_link(bare: Command, log: SqlMatchLog) -> None:
    result = bare("company", "link", "NL:nasovax", "--address", "https://match.example.eu")
    assert result.code == 0, result.err
    assert result.out.startswith("https://match.example.eu/answer#ct_")
    for wrong in ("NL:Nobody", "DE:Nasovax", "Nasovax"):
        check_refused(bare("company", "link", wrong), "company")
    check_refused(bare("company", "link", "NL:nasovax", "--region", "de-nrw"), "have a list in the match log")
