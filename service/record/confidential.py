"""What is in a need's own words, taken out of a match list to stand apart, and put back when it is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from matcher.records import Match, MatchList

_NEED = ("text", "title")
_MATCH = ("because",)
_EVIDENCE = ("need_sentence", "terms")
_OF_A_MATCH: Any = {**dict.fromkeys(_MATCH, True), "evidence": {"__all__": set(_EVIDENCE)}}
_WORDS: Any = {"request": {"need": set(_NEED)}, "matches": {"__all__": _OF_A_MATCH}}
APART = " " * 4096
"""Stands before the words, so that they begin on a page of their own in SQLite's file.

What comes first in a row lies on a page with other rows. When SQLite moves rows between such pages it leaves copies of them
behind, which are not overwritten when the row is deleted, as pages that belong to one row are.
"""
ERASED = "[erased]"
"""Stands for a need's text that was erased."""


def words_of(answer: MatchList) -> str:
    """All that is in the need's own words, as JSON: its text and title, and what the explanations repeat of it."""
    return APART + answer.model_dump_json(include=_WORDS)


def request_without_words(answer: MatchList) -> str:
    """The request as JSON, without the need's words."""
    return answer.request.model_dump_json(exclude={"need": set(_NEED)})


def matches_without_words(answer: MatchList) -> list[str]:
    """Each match as JSON, without the need's words."""
    return [match.model_dump_json(exclude=_OF_A_MATCH) for match in answer.matches]


def request_with_words(request: str, words: str | None) -> dict[str, Any]:
    """The request as plain values, with the words put back; or `ERASED` where there are none any more."""
    document: dict[str, Any] = json.loads(request)
    document["need"] |= json.loads(words)["request"]["need"] if words is not None else {"text": ERASED, "title": ""}
    return document


def matches_with_words(matches: Sequence[tuple[int, str]], words: str | None) -> list[dict[str, Any]]:
    """Matches as plain values, with the words put back; empty ones where they were erased.

    Args:
        matches: place on the list from 0, and the match as JSON without its words.
        words: of the whole list, from `words_of`.
    """
    said = json.loads(words)["matches"] if words is not None else None
    documents = []
    for place, match in matches:
        document = json.loads(match)
        evidence = document["evidence"]
        own = (
            said[place]
            if said is not None
            else {"because": [], "evidence": [{"need_sentence": "", "terms": []}] * len(evidence)}
        )
        document["because"] = own["because"]
        for spoken, own_words in zip(evidence, own["evidence"], strict=True):
            spoken |= own_words
        documents.append(document)
    return documents


def match_without_words(match: Match) -> Match:
    """The match as those see it who may not read the need."""
    [document] = matches_with_words([(0, match.model_dump_json(exclude=_OF_A_MATCH))], None)
    return Match.model_validate(document)


def without_words(answer: MatchList) -> MatchList:
    """The list as those see it who may not read the need: its words replaced, all else as it was."""
    document = json.loads(answer.model_dump_json(include={"language", "verdict", "notes", "considered", "engine"}))
    request = request_with_words(request_without_words(answer), None)
    matches = tuple(match_without_words(match) for match in answer.matches)
    return MatchList.model_validate({**document, "request": request, "matches": matches})
