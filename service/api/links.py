"""Routes of links: made by a regional partner, opened by whoever has one, without a key.

A token comes in the body only: addresses are logged on the way, bodies are not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field, model_validator

from embeddings.errors import Refusal, shown
from matcher.errors import NotFound, RequestRefused
from matcher.fields import LARGEST_NUMBER
from matcher.links import Link, LinkRefused, Purpose, holds_token, page_of
from matcher.log import Once
from matcher.records import Line, Record
from matcher.surveys import SurveyAnswer
from matcher.upkeep import Entry
from service.access.address import address_of
from service.access.caller import Caller
from service.access.limits import RateLimits
from service.access.refusals import NotAdmitted
from service.api.at_desk import AtDesk, FromCaller, IdempotencyKey, found_or_none, log_of, once_of, sql_log_of
from service.api.directory_upkeep import NUMBERS, upkeep_of
from service.api.documents import problems
from service.api.exact_types import exactly
from service.api.upkeep_examples import answer_examples, link_examples, token_examples
from service.company_entry import CompanyCorrection, company_lists, company_of
from service.desk import Desk
from service.opened import Opened, OpenLinks, Taken
from service.record.sql_links import SqlLinks

router = APIRouter(tags=["links"])
Result = TypeVar("Result")
Token = Annotated[str, Field(min_length=1, max_length=200)]


class LinkAsked(Record):
    """A link to be made."""

    purpose: Purpose
    subject: Annotated[Line, Field(min_length=1, max_length=100)]
    """Of a survey the match's number, of a provider its id, of a company its country and name as `NL:Example BV`."""
    days: Annotated[int, Field(ge=1, le=366)] = 60
    """After which it opens nothing."""


class LinkMade(Record):
    """A link just made. The token cannot be shown a second time."""

    token: str
    page: str
    """Path of the page to send; the token stands behind the `#`, which browsers send to no server."""
    link: Link


class TokenShown(Record):
    """Who opens a link shows its token."""

    token: Token


class LinkAnswer(Record):
    """What is taken through a link: exactly one of the four."""

    token: Token
    answer: SurveyAnswer | None = None
    """To the survey."""
    entry: Entry | None = None
    """How a provider asks its entry to read. Its regional partner records that, or does not."""
    correction: CompanyCorrection | None = None
    """What a company says is wrong with what is on record about it. Its regional partner answers."""
    leave: bool = False
    """A provider leaves the directory, at once."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> LinkAnswer:
        count = sum(one is not None for one in (self.answer, self.entry, self.correction)) + self.leave
        if count != 1:
            wanted, found = "hold one of answer, entry, correction and leave", "none" if count == 0 else f"{count} of them"
            raise Refusal("request", wanted, found, "Send one at a time.")
        return self


@router.post("/v1/links", status_code=201, responses=problems(400, 403, 404, 408, 413, 422, 507))
def make_link(
    asked: Annotated[LinkAsked, exactly(numbers=("days",)), Body(openapi_examples=link_examples())],
    desk: AtDesk,
    caller: FromCaller,
) -> LinkMade:
    """A link that serves one purpose for one match, provider or company of the caller's region.

    Asked again, it makes another: the token of the first is kept nowhere, and cannot be told again.
    """
    region = _region_of(asked, desk, caller)
    links = _links_of(desk)
    token, link = links.make(asked.purpose, asked.subject, region=region, by=caller.name, life=timedelta(days=asked.days))
    return LinkMade(token=token, page=page_of(token), link=link)


@router.post("/v1/link", response_model=Opened, responses=problems(400, 403, 408, 413, 422, 507, public=True))
def open_link(
    shown_token: Annotated[TokenShown, Body(openapi_examples=token_examples())], desk: AtDesk, request: Request
) -> Opened | Response:
    """What a link shows: of a survey its match and questions, of a provider its entry, of a company what is on record."""
    return _at_the_door(request, desk, shown_token.token, lambda links, _: links.opened(shown_token.token))


@router.post(
    "/v1/link/answer",
    status_code=201,
    response_model=Taken,
    responses=problems(400, 403, 404, 408, 409, 413, 422, 507, public=True),
)
def answer_link(
    told: Annotated[
        LinkAnswer, exactly(numbers=(*NUMBERS, "match_id"), truth_values=("leave",)), Body(openapi_examples=answer_examples())
    ],
    desk: AtDesk,
    request: Request,
    key: IdempotencyKey = None,
) -> Taken | Response:
    """Take what whoever has a link answers: a survey, a correction of what is on record of it, or that it leaves."""

    def take(links: OpenLinks, link: Link) -> Taken:
        once = _once_of(key, link, told)
        if told.answer is not None:
            return links.answer(told.token, told.answer, once)
        if told.entry is not None:
            return links.ask(told.token, told.entry, once)
        if told.correction is not None:
            return links.ask_company(told.token, told.correction, once)
        return links.leave(told.token, once)

    return _at_the_door(request, desk, told.token, take)


def _at_the_door(request: Request, desk: Desk, token: str, call: Callable[[OpenLinks, Link], Result]) -> Result | Response:
    """Carry out a call for who shows a token that opens something; calls are counted by link, failures by address.

    Raises:
        LinkRefused: the token opens nothing.
    """
    links = OpenLinks(_links_of(desk), sql_log_of(desk), lambda: upkeep_of(desk))
    rates: RateLimits = request.app.state.rates
    try:
        try:
            link = links.link(token)
        except LinkRefused:
            rates.check_failure(address_of(request.scope))
            raise
        rates.check_call(f"link {link.link_id}")
    except NotAdmitted as too_often:
        return too_often.answer(request.scope)
    return call(links, link)


def _once_of(key: str | None, link: Link, told: LinkAnswer) -> Once | None:
    if key is not None and holds_token(key):
        remedy = "Send the token in the body, and a new name for each request here."
        raise RequestRefused("Idempotency-Key", "be a name for the request", "the token of a link", remedy)
    holder = Caller(name=f"link {link.link_id}", roles=frozenset())
    # Without the token: it is kept nowhere, not even within a hash.
    return once_of(key, holder, "answer", told.model_copy(update={"token": link.link_id}))


def _region_of(asked: LinkAsked, desk: Desk, caller: Caller) -> str:
    """The region that a link is of.

    Raises:
        NotFound: there is no such match, provider or company in the caller's region.
        Forbidden: the provider is of another region.
    """
    if asked.purpose == "provider entry":
        return upkeep_of(desk).own(asked.subject, caller.region).region
    if asked.purpose == "company entry":
        country, company = company_of(asked.subject)
        if not company_lists(desk.log, country, company, caller.region):
            raise NotFound("company", f"have a list {log_of(caller)}", shown(asked.subject), "Write its name as the need did.")
        return caller.region or ""
    number = int(asked.subject) if asked.subject.isascii() and asked.subject.isdigit() else 0
    history = found_or_none(lambda: desk.log.history(min(number, LARGEST_NUMBER)))
    if history is None or not caller.may_see(history.match.need_region):
        raise NotFound("match", f"be {log_of(caller)}", shown(asked.subject), "GET /v1/matches shows them.")
    return history.match.need_region


def _links_of(desk: Desk) -> SqlLinks:
    return SqlLinks(sql_log_of(desk))
