"""Notes on record: written once, read back, erased with the words of their list."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from matcher.errors import KeyReused, NotFound, StepRefused
from matcher.log import Once
from matcher.notes import NewNote, Note
from service.record.confidential import ERASED
from service.record.sql_log import SqlMatchLog
from service.record.sql_notes import SqlNotes
from tests.unit.service.entries import COMPONENTS, entry
from tests.unit.service.record.outside import Outside
from tests.unit.service.record.test_erasure import raw


@pytest.fixture
def notes(any_log: SqlMatchLog) -> SqlNotes:
    any_log.record(entry("l-1", ("bruno", "DE"), ("carla", "BE"), company="Nasovax", region="nl-oost"), COMPONENTS)
    any_log.record(entry("l-2", ("aqua", "NL"), company="Cellix", region="be-vlaanderen"), COMPONENTS)
    return SqlNotes(any_log)


def told(kind: str = "note", **more: Any) -> NewNote:
    return NewNote.model_validate({"list_id": "l-1", "kind": kind, "text": "Called them.", **more})


def write(notes: SqlNotes, kind: str = "note", **more: Any) -> Note:
    return notes.write(told(kind, **more), "an advisor")


def test_notes_read_back_in_order(notes: SqlNotes, any_log: SqlMatchLog) -> None:
    first = write(notes, text="Ask again in May.\nNot before.", match_id=2)
    second = write(notes, "correction asked")
    write(notes, list_id="l-2")
    assert notes.of_list("l-1") == [first, second]
    assert (first.text, first.match_id, first.written_by) == ("Ask again in May.\nNot before.", 2, "an advisor")
    assert second.note_id > first.note_id
    found = notes.of_lists(["l-1", "l-2", "l-9"])
    assert {name: len(those) for name, those in found.items()} == {"l-1": 2, "l-2": 1}
    any_log.verify()


def test_corrections_wait_until_they_are_answered(notes: SqlNotes) -> None:
    asked = write(notes, "correction asked", match_id=1)
    other = write(notes, "correction asked", list_id="l-2")
    [own] = notes.waiting("nl-oost")
    assert (own.note, own.company, own.region) == (asked, "Nasovax", "nl-oost")
    assert [one.note for one in notes.waiting()] == [asked, other]
    write(notes, "correction declined", match_id=1, answers=asked.note_id)
    assert notes.waiting("nl-oost") == []
    assert [one.note for one in notes.waiting()] == [other]


def test_one_correction_is_answered_once_whoever_is_first(notes: SqlNotes) -> None:
    asked = write(notes, "correction asked")
    refused = []

    def answer(number: int) -> None:
        try:
            notes.write(told("correction made", answers=asked.note_id), f"advisor {number}")
        except StepRefused as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert [one.kind for one in notes.of_list("l-1")] == ["correction asked", "correction made"]


def test_the_same_note_under_the_same_key_is_written_once(notes: SqlNotes) -> None:
    once = Once(caller="a", key="k", request="r")
    assert notes.write(told(), "an advisor", once) == notes.write(told(), "an advisor", once)
    assert len(notes.of_list("l-1")) == 1
    with pytest.raises(KeyReused):
        notes.write(told(), "an advisor", Once(caller="a", key="k", request="another"))


def test_a_note_is_on_a_list_that_there_is_and_a_match_of_it(notes: SqlNotes) -> None:
    with pytest.raises(NotFound, match="match list"):
        write(notes, list_id="l-9")
    for wrong in (3, 99, 2**53 - 1):
        with pytest.raises(NotFound, match="match of the note must be on list 'l-1'"):
            write(notes, match_id=wrong)
    with pytest.raises(NotFound, match="match list"):
        notes.of_list("l-9")


def test_what_notes_say_is_erased_with_the_list(notes: SqlNotes, any_log: SqlMatchLog, outside: Outside) -> None:
    once = Once(caller="a", key="k", request="r")
    notes.write(told(text="They look for Quokkavirus.", match_id=1), "an advisor", once)
    kept = write(notes, list_id="l-2", text="Wombat it is.")
    assert outside.everything().count("Quokkavirus") == 1
    any_log.erase("l-1", "an officer")
    assert "Quokkavirus" not in outside.everything()
    [left] = notes.of_list("l-1")
    assert (left.text, left.match_id) == (ERASED, 1)
    assert notes.of_list("l-2") == [kept]
    any_log.verify()
    with pytest.raises(StepRefused, match="whose words are still there"):
        write(notes)
    # Its hash could confirm a guess at the words; the key stays taken.
    with pytest.raises(KeyReused, match="erased"):
        notes.write(told(), "an advisor", once)


def test_after_an_erasure_what_notes_said_is_nowhere_on_the_disk(log: SqlMatchLog) -> None:
    notes = SqlNotes(log)
    for number in range(20):
        log.record(entry(f"l-{number}", ("bruno", "DE")), COMPONENTS)
        for _ in range(3):
            write(notes, list_id=f"l-{number}", text=f"rare{number:02} " * (1 + 40 * (number % 4)))
    for number in range(0, 20, 2):
        log.erase(f"l-{number}", "an officer")
    left = raw(log)
    assert [number for number in range(20) if f"rare{number:02}".encode() in left] == list(range(1, 20, 2))
    log.verify()
