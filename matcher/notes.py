"""Notes beside the match lists: what an advisor wants to remember, and what a company says is wrong with its lists.

A list and its matches are as they were given out, for good. What was wrong is said beside them, and what was made of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.errors import StepRefused
from matcher.fields import LARGEST_NUMBER, WHOLE
from matcher.links import holds_token
from matcher.records import Line, Moment, Record, Signature

NoteKind = Literal["note", "correction asked", "correction made", "correction declined"]
"""`correction asked`: by the company itself, through its link; the other two are what its regional partner made of it."""
NOTE_KINDS: tuple[str, ...] = get_args(NoteKind)
ANSWERS = ("correction made", "correction declined")
LONGEST_NOTE = 2_000
MOST_WAITING = 10
"""Corrections of a list that may wait at a time: a link can be passed on, and the record has no end."""


def _told(text: str) -> str:
    if not text.strip():
        raise Refusal("text of the note", "say something", "nothing", "Write it.")
    if holds_token(text):
        raise Refusal("text of the note", "hold no token of a link", "one", "Leave it out: whoever has it can use it.")
    return text


NoteText = Annotated[str, Field(max_length=LONGEST_NOTE), WHOLE, AfterValidator(_told)]
_Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class NoteTold(Record):
    """What a note tells; of which list is said elsewhere."""

    kind: NoteKind = "note"
    text: NoteText
    """In somebody's words. It is erased with the need's."""
    match_id: _Number | None = None
    """The match of the list that it is about; the whole list where there is none."""
    answers: _Number | None = None
    """Of `correction made` and `correction declined`: the note that asked for it."""

    @model_validator(mode="after")
    def _tells_what_it_answers(self) -> NoteTold:
        if self.kind in ANSWERS and self.answers is None:
            wanted = f"name the correction that was asked for (answers) where it is '{self.kind}'"
            raise Refusal("note", wanted, "none", "Give its number.")
        if self.kind not in ANSWERS and self.answers is not None:
            found = f"{self.answers} for '{self.kind}'"
            wanted = f"name a correction that was asked for (answers) only where it is {' or '.join(map(repr, ANSWERS))}"
            raise Refusal("note", wanted, found, "Leave it out.")
        return self


class NewNote(NoteTold):
    """A note to be put on record."""

    list_id: Line


class Note(Record):
    """A note on record."""

    note_id: int
    """Its number in the record; grows in order of recording."""
    list_id: str
    match_id: int | None
    kind: NoteKind
    text: str
    """`[erased]` where the words of the need were erased since."""
    answers: int | None
    written_at: Moment
    written_by: Signature


class WaitingCorrection(Record):
    """A correction that a company asked for and nobody has answered."""

    note: Note
    company: str
    country: str
    region: str
    """Of the list: its regional partner answers."""


def check_note(before: Sequence[Note], new: NewNote) -> None:
    """Return if a note may follow those of its list.

    Raises:
        StepRefused: it answers nothing that waits, or is about another match than what it answers, or too many wait.
    """
    waiting = waiting_of(before)
    place = f"note on list {shown(new.list_id)}"
    if new.kind == "correction asked" and len(waiting) >= MOST_WAITING:
        wanted = f"follow fewer than {MOST_WAITING} corrections that wait for an answer"
        raise StepRefused(place, wanted, str(len(waiting)), "The regional partner answers those first.")
    if new.answers is None:
        return
    asked = next((one for one in waiting if one.note_id == new.answers), None)
    if asked is None:
        found = "an answer to " + ("another note" if any(one.note_id == new.answers for one in before) else "none of its notes")
        wanted = "answer a correction that was asked for and waits"
        raise StepRefused(place, wanted, f"{found} ({new.answers})", "Look at the list's notes.")
    if new.match_id != asked.match_id:
        about = f"match {asked.match_id}" if asked.match_id is not None else "the whole list"
        found = f"match {new.match_id}" if new.match_id is not None else "the whole list"
        raise StepRefused(place, f"be about what it answers, {about}", found, "Name the same.")


def waiting_of(notes: Sequence[Note]) -> list[Note]:
    """Those that ask for a correction and have no answer, in order of recording."""
    answered = {one.answers for one in notes}
    return [one for one in notes if one.kind == "correction asked" and one.note_id not in answered]
