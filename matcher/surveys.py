"""What companies are asked after an event and half a year later, on the programme's scales, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import model_validator

from embeddings.errors import Refusal, shown
from matcher.lifecycle import Anyway, NewStep, Rating, Result
from matcher.records import Moment, Record

SurveyKind = Literal["after the event", "after six months"]
WishToContinue = Literal["yes", "no", "cannot say"]

ASKED: Mapping[SurveyKind, tuple[str, ...]] = {
    "after the event": ("rating", "wishes_to_continue"),
    "after six months": ("result", "anyway", "wishes_to_continue"),
}
"""Survey → what it asks; all of it must be answered, and nothing else."""


class Question(Record):
    """What a survey asks, and the answers to choose from."""

    name: str
    choices: tuple[str, ...]


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "rating": get_args(Rating),
    "result": get_args(Result),
    "anyway": get_args(Anyway),
    "wishes_to_continue": get_args(WishToContinue),
}


def questions_of(survey: SurveyKind) -> tuple[Question, ...]:
    """What a survey asks, in order."""
    return tuple(Question(name=name, choices=_CHOICES[name]) for name in ASKED[survey])


class SurveyAnswer(Record):
    """What a company answered about one match."""

    survey: SurveyKind
    rating: Rating | None = None
    result: Result | None = None
    anyway: Anyway | None = None
    """Would the cooperation have come about without the programme?"""
    wishes_to_continue: WishToContinue

    @model_validator(mode="after")
    def _answers_what_is_asked(self) -> SurveyAnswer:
        asked = ASKED[self.survey]
        for name in ("rating", "result", "anyway"):
            value = getattr(self, name)
            if name in asked and value is None:
                raise Refusal("answer", f"tell the {name} in the survey '{self.survey}'", "nothing", "Choose one.")
            if name not in asked and value is not None:
                raise Refusal("answer", f"tell no {name} in the survey '{self.survey}'", shown(value), "Leave it out.")
        return self

    def step(self, match_id: int) -> NewStep:
        """The step of the match that the answer is."""
        if self.survey == "after the event":
            return NewStep(match_id=match_id, kind="met", rating=self.rating)
        return NewStep(match_id=match_id, kind="outcome", result=self.result, anyway=self.anyway)


class Answered(Record):
    """An answer on record."""

    match_id: int
    answer: SurveyAnswer
    answered_at: Moment


class Sent(Record):
    """A survey that was sent for a match, answered or not."""

    match_id: int
    survey: SurveyKind
    region: str
    sent_at: Moment
    answer: Answered | None = None
