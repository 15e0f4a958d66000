"""Put a need, get a list."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from embeddings.errors import Refusal
from matcher.countries import country_names
from matcher.errors import LogUnavailable
from matcher.records import CATEGORIES, MatchRequest, Need
from matcher.shipped import shipped_needs_in_all_languages, shipped_regions
from matcher.validation import checked
from service.access.caller import Caller
from service.api.at_desk import AtDesk, FromCaller
from service.api.matching import need_of_region
from service.console.forms import Form
from service.console.page import START, page
from service.desk import Desk

router = APIRouter(include_in_schema=False)
MODES = ("favour", "require", "neutral")
_REGION_COUNTRIES = ("NL", "DE", "BE", "FR", "DK")
"""Of the programme's regions: they come first where a country is chosen."""


@router.get(f"{START}/match")
def match_form(request: Request, desk: AtDesk, caller: FromCaller) -> Response:
    """The form, empty or with a sample need."""
    return _form(request, desk, caller, _sample(request.query_params.get("sample", "")), "", 200)


@router.post(f"{START}/match")
async def match(request: Request, desk: AtDesk, caller: FromCaller) -> Response:
    """Match the need; its list is on record before the page is shown."""
    form = await Form.of(request)
    told = {name: form.one(name) for name in _FIELDS} | {"categories": form.all("categories")}
    try:
        asked = checked(MatchRequest, _request(told), "form")
        asked = asked.model_copy(update={"need": need_of_region(asked.need, caller)})
        answered = run_in_threadpool(desk.answer, asked, asked_by=caller.name, request_id=request.state.request_id)
        entry = await answered
    except LogUnavailable:
        raise
    except Refusal as refusal:
        return _form(request, desk, caller, told, str(refusal), 422)
    return RedirectResponse(f"{START}/lists/{entry.list_id}", 303)


_FIELDS = ("text", "title", "company", "country", "region", "mode", "beta", "k", "known_contacts")


def _request(told: dict[str, Any]) -> dict[str, Any]:
    """The request that the fields of the form mean."""
    need = {name: told[name] for name in ("text", "title", "company", "country", "region")}
    policy: dict[str, Any] = {"mode": told["mode"] or "favour"}
    if policy["mode"] == "favour" and told["beta"] in ("0", "0.0"):
        # The slider's end: favoured by nothing.
        policy["mode"] = "neutral"
    elif policy["mode"] == "favour" and told["beta"]:
        policy["beta"] = told["beta"]
    filters: dict[str, Any] = {"categories": told["categories"]}
    if told["known_contacts"]:
        filters["known_contacts"] = told["known_contacts"]
    return {"need": need, "policy": policy, "filters": filters, "k": told["k"] or 10}


def _form(request: Request, desk: Desk, caller: Caller, told: dict[str, Any], refused: str, status: int) -> Response:
    regions = [one for one in shipped_regions() if caller.may_see(one.region_id)]
    every = sorted(country_names())
    return page(
        request,
        "match.html",
        status=status,
        told={**dict.fromkeys(_FIELDS, ""), "categories": [], **told},
        refused=refused,
        first_countries=_REGION_COUNTRIES,
        other_countries=[code for code in every if code not in _REGION_COUNTRIES],
        regions=regions,
        categories=CATEGORIES,
        modes=MODES,
        samples=_samples(),
        providers=len(desk.matcher.index),
    )


@cache
def _shipped() -> dict[tuple[str, str], Need]:
    """The sample needs: read once, not for each page."""
    return shipped_needs_in_all_languages()


def _samples() -> list[tuple[str, str, str]]:
    """Id, language and title of the sample needs."""
    return [(f"{need_id}.{language}", language, need.title) for (need_id, language), need in _shipped().items()]


def _sample(chosen: str) -> dict[str, Any]:
    """The fields of a sample need; none for an id that there is not."""
    need_id, _, language = chosen.rpartition(".")
    need = _shipped().get((need_id, language))
    if need is None:
        return {}
    return {
        "text": need.text,
        "title": need.title,
        "company": need.company,
        "country": need.country,
        "region": need.region,
        "categories": list(need.categories),
    }
