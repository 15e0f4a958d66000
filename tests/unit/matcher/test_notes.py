"""Notes beside the lists: which may follow which."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.errors import StepRefused
from matcher.links import new_token
from matcher.notes import LONGEST_NOTE, MOST_WAITING, NewNote, Note, check_note, waiting_of
from matcher.validation import checked


def new(kind: str = "note", **more: Any) -> NewNote:
    return checked(NewNote, {"list_id": "l-1", "kind": kind, "text": "Called them.", **more}, "note")


def on_record(number: int, kind: str = "correction asked", **more: Any) -> Note:
    told = {"note_id": number, "list_id": "l-1", "match_id": None, "kind": kind, "text": "We never met.", "answers": None}
    return Note.model_validate({**told, "written_at": datetime(2026, 5, 4, tzinfo=UTC), "written_by": "somebody", **more})


def test_a_note_may_be_written_at_any_time() -> None:
    check_note([], new())
    check_note([on_record(number) for number in range(1, 40)], new())


def test_an_answer_is_about_a_correction_that_waits() -> None:
    before = [on_record(1, match_id=7), on_record(2), on_record(3, "correction made", answers=2), on_record(4, "note")]
    assert [one.note_id for one in waiting_of(before)] == [1]
    check_note(before, new("correction declined", answers=1, match_id=7))
    for wrong in (2, 3, 4):
        with pytest.raises(StepRefused, match=f"answer a correction that was asked for and waits. Got .*{wrong}"):
            check_note(before, new("correction made", answers=wrong))
    with pytest.raises(StepRefused, match="an answer to none of its notes"):
        check_note(before, new("correction made", answers=9))


def test_an_answer_is_about_the_same_match() -> None:
    with pytest.raises(StepRefused, match=r"be about what it answers, match 7\. Got the whole list"):
        check_note([on_record(1, match_id=7)], new("correction made", answers=1))
    with pytest.raises(StepRefused, match=r"be about what it answers, the whole list\. Got match 7"):
        check_note([on_record(1)], new("correction made", answers=1, match_id=7))


def test_only_so_many_corrections_wait_at_a_time() -> None:
    asked = [on_record(number) for number in range(1, MOST_WAITING + 1)]
    check_note(asked[1:], new("correction asked"))
    with pytest.raises(StepRefused, match="fewer than 10 corrections that wait"):
        check_note(asked, new("correction asked"))
    check_note([*asked, on_record(20, "correction declined", answers=4)], new("correction asked"))


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"text": " \n"}, "say something"),
        ({"text": "x" * (LONGEST_NOTE + 1)}, "at most 2,?000"),
        ({"text": f"Here: {new_token().text}"}, "hold no token of a link"),
        ({"text": "a\x00b"}, "NUL"),
        ({"kind": "correction made"}, "name the correction that was asked for"),
        ({"kind": "correction asked", "answers": 3}, "only where it is 'correction made' or 'correction declined'"),
        ({"kind": "remark"}, "'note', 'correction asked'"),
        ({"match_id": 0}, "be at least 1"),
    ],
)
def test_what_tells_nothing_or_too_much_is_refused(told: dict[str, Any], what: str) -> None:
    with pytest.raises(Refusal, match=what):
        checked(NewNote, {"list_id": "l-1", "kind": "note", "text": "Called them.", **told}, "note")
