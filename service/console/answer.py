"""The page behind a link of one purpose: whoever has the link sees what it opens, and answers.

The token comes in the body of a form only. It stands in no address, and so in no log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from embeddings.errors import Refusal
from matcher.errors import LogUnavailable
from matcher.links import PAGE, LinkRefused
from matcher.surveys import SurveyAnswer
from matcher.validation import checked
from service.api.at_desk import AtDesk
from service.api.links import LinkAnswer, TokenShown, answer_link, open_link
from service.company_entry import CompanyCorrection
from service.console.corrections import asked_entry, repeat_key, told_of
from service.console.forms import Form
from service.console.languages import LANGUAGES
from service.console.page import page
from service.console.sign_in import keep_language
from service.desk import Desk
from service.opened import Opened

router = APIRouter(include_in_schema=False)
Result = TypeVar("Result")
_LONGEST = 200
"""Characters of a token that are looked at; beyond them it is none."""
_TEMPLATES = {"provider entry": "answer_provider.html", "company entry": "answer_company.html"}
_SURVEY = "answer_survey.html"


@router.get(PAGE)
def token_form(request: Request) -> Response:
    """Where the token is put in. The script takes it from the link, and sends the form at once."""
    return page(request, "answer.html", refused=None)


@router.post(PAGE)
async def show(request: Request, desk: AtDesk) -> Response:
    """What the link opens, in the language that was chosen."""
    form = await Form.of(request)
    found = await _at_the_door(request, lambda: open_link(_shown(form), desk, request))
    language = form.one("language")
    if isinstance(found, Response):
        return found
    answer = _page(request, form, found, language=language if language in LANGUAGES else "")
    keep_language(request, answer, language)
    return answer


@router.post(f"{PAGE}/survey")
async def answer_survey(request: Request, desk: AtDesk) -> Response:
    """Take the answer to a survey."""
    form = await Form.of(request)
    told = {name: form.one(name) for name in SurveyAnswer.model_fields if form.one(name)}
    try:
        answer = checked(SurveyAnswer, told, "answer")
    except Refusal as refusal:
        return await _again(request, desk, form, refusal, 422)
    return await _take(request, desk, form, LinkAnswer(token=_token(form), answer=answer))


@router.post(f"{PAGE}/correction")
async def ask_for_correction(request: Request, desk: AtDesk) -> Response:
    """Put on record how a provider asks its entry to read."""
    form = await Form.of(request)
    found = await _at_the_door(request, lambda: open_link(_shown(form), desk, request))
    if isinstance(found, Response):
        return found
    if found.provider is None or found.provider.entry is None:
        return _page(request, form, found)
    try:
        entry = asked_entry(found.provider.entry, found.provider.asked, told_of(form))
    except Refusal as refusal:
        return _page(request, form, found, status=422, refused=refusal)
    return await _take(request, desk, form, LinkAnswer(token=_token(form), entry=entry))


@router.post(f"{PAGE}/company")
async def ask_for_company(request: Request, desk: AtDesk) -> Response:
    """Put on record what a company says is wrong with what is on record about it."""
    form = await Form.of(request)
    list_id, _, match_id = form.one("about").partition(" ")
    told = {"list_id": list_id, "text": form.one("text"), "match_id": int(match_id) if match_id.isdecimal() else None}
    try:
        correction = checked(CompanyCorrection, told, "correction")
    except Refusal as refusal:
        return await _again(request, desk, form, refusal, 422)
    return await _take(request, desk, form, LinkAnswer(token=_token(form), correction=correction))


@router.post(f"{PAGE}/leave")
async def leave(request: Request, desk: AtDesk) -> Response:
    """Ask whether the provider really leaves; then it does."""
    form = await Form.of(request)
    if form.one("sure") == "yes":
        return await _take(request, desk, form, LinkAnswer(token=_token(form), leave=True))
    found = await _at_the_door(request, lambda: open_link(_shown(form), desk, request))
    if isinstance(found, Response):
        return found
    may_leave = found.provider is not None and found.provider.may_leave
    return _page(request, form, found, template="answer_leave.html" if may_leave else "")


async def _take(request: Request, desk: Desk, form: Form, told: LinkAnswer) -> Response:
    """Put on record what was told; a page sent twice counts once, and gets the same thanks."""
    key = repeat_key(form.one("sent"), told.entry or told.correction)
    try:
        taken = await _at_the_door(request, lambda: answer_link(told, desk, request, key))
    except LogUnavailable:
        raise
    except Refusal as refusal:
        return await _again(request, desk, form, refusal, 409)
    if isinstance(taken, Response):
        return taken
    return _filled(request, form, "answer_thanks.html", taken=taken)


async def _again(request: Request, desk: Desk, form: Form, refusal: Refusal, status: int) -> Response:
    """What the link opens once more, with what was in the way and what was filled in."""
    found = await _at_the_door(request, lambda: open_link(_shown(form), desk, request))
    return found if isinstance(found, Response) else _page(request, form, found, status=status, refused=refusal)


async def _at_the_door(request: Request, call: Callable[[], Result | Response]) -> Result | Response:
    """What the interface answers, or a page that says why nothing opens: the same for all that is no token of ours."""
    try:
        return await run_in_threadpool(call)
    except LinkRefused as refusal:
        return page(request, "answer.html", status=403, refused=refusal)


def _page(
    request: Request,
    form: Form,
    found: Opened,
    *,
    template: str = "",
    status: int = 200,
    refused: Refusal | None = None,
    language: str = "",
) -> Response:
    chosen = template or _TEMPLATES.get(found.purpose, _SURVEY)
    return _filled(
        request,
        form,
        chosen,
        status=status,
        language=language,
        opened=found,
        refused="" if refused is None else str(refused),
        told=told_of(form, found.provider),
        said={"about": form.one("about"), "text": form.one("text")},
        answers={name: form.one(name) for name in SurveyAnswer.model_fields},
        sent=secrets.token_urlsafe(16),
    )


def _filled(request: Request, form: Form, template: str, *, status: int = 200, language: str = "", **told: Any) -> Response:
    return page(request, template, status=status, chosen=language, token=_token(form), **told)


def _shown(form: Form) -> TokenShown:
    return TokenShown(token=_token(form))


def _token(form: Form) -> str:
    """What was put in: the token, or the whole link with it. What is far too long opens as little as anything else."""
    told = form.one("token").rpartition("#")[2].strip()
    return told if 0 < len(told) <= _LONGEST else "none"
