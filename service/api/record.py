"""Routes of the record: matches and what became of them, indicators, the chain."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from matcher.errors import NotFound
from matcher.fields import LARGEST_NUMBER
from matcher.indicators import Indicators, indicators
from matcher.lifecycle import MAY_FOLLOW, NewStep, State, Step, StepTold
from matcher.log import Head, LoggedMatch, MatchHistory, MatchQuery
from matcher.records import Line, Record
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, Verifying, found_or_none, log_of, once_of, own_region
from service.api.documents import problems
from service.desk import Desk
from service.record.confidential import match_without_words

router = APIRouter()
MatchId = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


class MatchPage(Record):
    """Matches in order of recording. `next` asks, as `after`, for the page after; it is absent on the last."""

    matches: tuple[LoggedMatch, ...]
    next: int | None


class MatchInFull(MatchHistory):
    """A match, its steps, how it stands, and which steps may come."""

    stands: State
    may_follow: tuple[str, ...]


class IndicatorQuery(Record):
    """Of what the figures are to tell."""

    region: Line | None = None
    """Of this region only."""


@router.get("/v1/matches", tags=["record"], responses=problems(422, 507))
def read_matches(query: Annotated[MatchQuery, Query()], desk: AtDesk, caller: FromCaller) -> MatchPage:
    """Matches on record, in order of recording."""
    region = own_region(caller, query.need_region)
    # One more than asked for tells whether there is a page after this one.
    found = desk.log.matches(query.model_copy(update={"limit": query.limit + 1, "need_region": region}))
    page = [shown_match(match, caller) for match in found[: query.limit]]
    return MatchPage(matches=tuple(page), next=page[-1].match_id if len(found) > len(page) else None)


@router.get("/v1/matches/{match_id}", tags=["record"], responses=problems(404, 422, 507))
def read_match(match_id: MatchId, desk: AtDesk, caller: FromCaller) -> MatchInFull:
    """A match with all its steps, how it stands, and which steps may come."""
    history = own_match(desk, caller, match_id)
    may_follow = MAY_FOLLOW[history.state]
    return MatchInFull(
        match=shown_match(history.match, caller), steps=history.steps, stands=history.state, may_follow=may_follow
    )


@router.post(
    "/v1/matches/{match_id}/steps", status_code=201, tags=["record"], responses=problems(400, 404, 408, 409, 413, 422, 507)
)
def record_step(match_id: MatchId, told: StepTold, desk: AtDesk, caller: FromCaller, key: IdempotencyKey = None) -> Step:
    """Put on record what became of a match.

    A correction is a step that names the one whose place it takes in `corrects`; `withdrawn` takes that one back.
    """
    own_match(desk, caller, match_id)
    new = NewStep.model_validate({**told.model_dump(), "match_id": match_id})
    return desk.log.record_step(new, caller.name, once_of(key, caller, "step", new))


@router.get("/v1/indicators", tags=["record"], responses=problems(422, 507))
def read_indicators(query: Annotated[IndicatorQuery, Query()], desk: AtDesk, caller: FromCaller) -> Indicators:
    """What became of the matches, in figures: no need text, no company."""
    of_region = own_region(caller, query.region)
    return indicators(desk.log.histories(region=of_region), desk.log.given_out(region=of_region))


@router.get("/v1/record", tags=["record"], responses=problems(409, 507))
def verify_record(desk: AtDesk, verification: Verifying) -> Head:
    """The newest entry of the record, once the whole chain was checked."""
    return verification.verify(desk.log)


def own_match(desk: Desk, caller: Caller, match_id: int) -> MatchHistory:
    """A match of the caller's region.

    Raises:
        NotFound: there is none; that there is one of another region is not told.
    """
    history = found_or_none(lambda: desk.log.history(match_id))
    if history is None or not caller.may_see(history.match.need_region):
        raise NotFound("match", f"be {log_of(caller)}", str(match_id), "GET /v1/matches shows them.")
    return history


def shown_match(match: LoggedMatch, caller: Caller) -> LoggedMatch:
    """The match, without the need's words for who may not read them."""
    return match if caller.sees_need_texts else match.model_copy(update={"match": match_without_words(match.match)})
