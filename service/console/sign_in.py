"""Signing in with a key, and out again; and the language of the pages."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from matcher.links import PAGE
from service.access.address import address_of
from service.access.keyring import Keyring
from service.access.keys import KeyRefused
from service.access.limits import RateLimits
from service.access.link_route import cookie_name
from service.access.local_link import SESSION_LIFE
from service.access.refusals import NotAdmitted
from service.access.sessions import Sessions
from service.console.forms import Form
from service.console.languages import COOKIE, LANGUAGES
from service.console.page import NAVIGATION, START, page

router = APIRouter(include_in_schema=False)
_YEAR_S = 365 * 24 * 3600


@router.get(START)
def start(request: Request) -> Response:
    """The first page that the caller has."""
    roles = request.state.caller.roles
    return RedirectResponse(next(one.address for one in NAVIGATION if roles & one.roles), 303)


@router.get(f"{START}/sign-in")
def sign_in_form(request: Request) -> Response:
    """Where a key is put in."""
    return page(request, "sign_in.html", goes_to=_own_address(request.query_params.get("next", "")), refused="")


@router.post(f"{START}/sign-in")
async def sign_in(request: Request) -> Response:
    """A session for a key."""
    form = await Form.of(request)
    goes_to = _own_address(form.one("next"))
    keyring: Keyring = request.app.state.keyring
    sessions: Sessions = request.app.state.sessions
    try:
        caller = await asyncio.to_thread(keyring.caller_of, form.one("key"))
    except KeyRefused as refused:
        rates: RateLimits = request.app.state.rates
        try:
            rates.check_failure(address_of(request.scope))
        except NotAdmitted as too_often:
            return too_often.answer(request.scope)
        return page(request, "sign_in.html", status=403, goes_to=goes_to, refused=str(refused))
    assert caller.key_id is not None
    response = RedirectResponse(goes_to, 303)
    _keep(request, response, cookie_name(request.scope), sessions.open(caller.key_id), int(SESSION_LIFE.total_seconds()))
    return response


@router.post(f"{START}/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    name = cookie_name(request.scope)
    sessions: Sessions = request.app.state.sessions
    sessions.close(request.cookies.get(name, ""))
    response = RedirectResponse(f"{START}/sign-in", 303)
    response.delete_cookie(name, path="/")
    return response


@router.post(f"{START}/language")
async def choose_language(request: Request) -> Response:
    """From now on the pages are in this language."""
    form = await Form.of(request)
    response = RedirectResponse(_own_address(form.one("next")), 303)
    keep_language(request, response, form.one("language"))
    return response


def keep_language(request: Request, response: Response, language: str) -> None:
    """Have the browser keep a chosen language for a year; what is none of the pages' languages changes nothing."""
    if language in LANGUAGES:
        _keep(request, response, COOKIE, language, _YEAR_S)


def _keep(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, seconds, path="/", httponly=True, samesite="strict", secure=secure)


def _own_address(address: str) -> str:
    """A page of the console, or where links are opened; the first one for any other address, so that nobody is led away."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return START
    if address == PAGE:
        return PAGE
    is_own = not parts.scheme and not parts.netloc and (parts.path == START or parts.path.startswith(f"{START}/"))
    return address if is_own and address.isprintable() and "\\" not in address else START
