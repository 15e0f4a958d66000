"""Between records of the domain and rows of the tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from matcher.companies import company_key
from matcher.lifecycle import Step
from matcher.log import ListSummary, LoggedList, LoggedMatch
from matcher.records import Considered, Match, MatchList, MatchRequest
from service.record.confidential import matches_with_words, matches_without_words, request_with_words, request_without_words

_LONGEST_KEY = 600
"""Characters that the column holds. Without their signs apart, 500 characters may become ten times as many."""


def key_of_company(company: str, country: str) -> str:
    """What needs of one company share, as it stands in the column; empty where a need does not name its company."""
    return company_key(company, country)[:_LONGEST_KEY]


def list_row(entry: LoggedList) -> dict[str, Any]:
    """A row of `match_lists`."""
    answer, need = entry.answer, entry.answer.request.need
    return {
        "list_id": entry.list_id,
        "request_id": entry.request_id,
        "created_at": entry.created_at.astimezone(UTC).replace(tzinfo=None),
        "asked_by": entry.asked_by,
        "need_id": need.need_id,
        "company": need.company,
        "company_key": key_of_company(need.company, need.country),
        "country": need.country,
        "region": need.region,
        "request": request_without_words(answer),
        "language": answer.language,
        "verdict": answer.verdict,
        "notes": json.dumps(answer.notes, ensure_ascii=False),
        "considered": answer.considered.model_dump_json(),
        "engine": answer.engine,
        "batch": entry.batch,
    }


def match_rows(answer: MatchList) -> list[dict[str, Any]]:
    """Rows of `matches`, without the key of their list."""
    return [
        {
            "rank": match.rank,
            "provider_id": match.provider_id,
            "category": match.category,
            "country": match.country,
            "cross_border": match.cross_border,
            "score": match.score,
            "parts": _parts_json(match),
            "match": document,
        }
        for match, document in zip(answer.matches, matches_without_words(answer), strict=True)
    ]


def _parts_json(match: Match) -> str:
    """The named numbers as `json.dumps` writes them, in a third of the time."""
    return f"{{{', '.join([f'{_quoted(part.name)}: {part.value!r}' for part in match.parts])}}}"


_quoted = lru_cache(maxsize=256)(json.dumps)


def logged_list(row: Row[Any], given: Sequence[str], words: str | None, erased_at: datetime | None) -> LoggedList:
    """A list as it was given out.

    Args:
        row: of `match_lists`.
        given: its matches as JSON, in order of rank.
        words: of the need; `None` where they were erased.
        erased_at: when.
    """
    return LoggedList(
        list_id=row.list_id,
        request_id=row.request_id,
        created_at=row.created_at.replace(tzinfo=UTC),
        asked_by=row.asked_by,
        answer=MatchList(
            request=MatchRequest.model_validate(request_with_words(row.request, words)),
            language=row.language,
            verdict=row.verdict,
            notes=tuple(json.loads(row.notes)),
            considered=Considered.model_validate_json(row.considered),
            matches=tuple(Match.model_validate(one) for one in matches_with_words(list(enumerate(given)), words)),
            engine=row.engine,
        ),
        erased_at=None if erased_at is None else erased_at.replace(tzinfo=UTC),
        batch=row.batch,
    )


def logged_match(row: Row[Any]) -> LoggedMatch:
    """A match of the log; the row has its columns, those of its list, and `words`."""
    [document] = matches_with_words([(row.rank - 1, row.match)], row.words)
    return LoggedMatch(
        match_id=row.id,
        list_id=row.list_id,
        created_at=row.created_at.replace(tzinfo=UTC),
        asked_by=row.asked_by,
        need_id=row.need_id,
        company=row.company,
        need_country=row.country,
        need_region=row.region,
        match=Match.model_validate(document),
    )


def list_summary(row: Row[Any]) -> ListSummary:
    """One line of the log; the row has the columns of the list and the counts of its matches."""
    return ListSummary(
        number=row.id,
        list_id=row.list_id,
        created_at=row.created_at.replace(tzinfo=UTC),
        asked_by=row.asked_by,
        need_id=row.need_id,
        company=row.company,
        country=row.country,
        region=row.region,
        verdict=row.verdict,
        matches=row.matches or 0,
        cross_border=row.cross_border or 0,
        engine=row.engine,
        batch=row.batch,
    )


def step_of(row: Row[Any]) -> Step:
    """A step, from its entry."""
    told = json.loads(row.body)
    return Step.model_validate(
        {**told, "step_id": row.seq, "recorded_at": row.recorded_at.replace(tzinfo=UTC), "recorded_by": row.recorded_by}
    )
