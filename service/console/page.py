"""Pages: a template, who reads it, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from fastapi import Request, Response
from jinja2 import Environment
from starlette.responses import HTMLResponse

from matcher.links import PAGE
from service.access.caller import Caller
from service.console.languages import COOKIE, LANGUAGES, chosen_language, country_name, language_name, translations
from service.console.words import _, in_page_words
from service.report.pages import page_templates

START = "/console"
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_ZONE = ZoneInfo("Europe/Brussels")
"""Of the moments that pages tell: the programme's regions share it."""


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation."""

    address: str
    label: str
    roles: frozenset[str]


NAVIGATION = (
    Entry(f"{START}/match", _("Match"), frozenset({"advisor", "organiser"})),
    Entry(f"{START}/lists", _("Lists"), frozenset({"advisor", "organiser", "evaluator", "programme office"})),
    Entry(f"{START}/providers", _("Directory"), frozenset({"advisor", "organiser", "evaluator", "programme office"})),
    Entry(f"{START}/workshops", _("Workshops"), frozenset({"organiser"})),
    Entry(f"{START}/judging", _("Judging"), frozenset({"evaluator"})),
    Entry(f"{START}/evaluations", _("Evaluation"), frozenset({"evaluator"})),
    Entry(f"{START}/programme", _("Programme"), frozenset({"advisor", "organiser", "evaluator", "programme office"})),
    Entry(f"{START}/record", _("Record"), frozenset({"evaluator", "programme office"})),
)
"""In order; each is shown to whoever may call it."""


def page(request: Request, template: str, *, status: int = 200, chosen: str = "", **told: Any) -> Response:
    """A template filled in for who asks, in the language asked for.

    Args:
        request: the reader's.
        template: its name.
        status: of the answer.
        chosen: a language that was chosen just now.
        told: what the template fills in.
    """
    language = chosen_language(chosen or request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))
    caller: Caller | None = getattr(request.state, "caller", None)
    roles: frozenset[str] = frozenset() if caller is None else caller.roles
    here = request.url.path
    text = (
        _environment(language)
        .get_template(template)
        .render(
            language=language,
            languages=LANGUAGES,
            caller=caller,
            navigation=[one for one in NAVIGATION if roles & one.roles],
            here=here,
            first=PAGE if is_behind_a_link(here) else START,
            comes_back_to=_with_query(request),
            **told,
        )
    )
    response = HTMLResponse(text, status)
    response.headers["Content-Security-Policy"] = _POLICY
    # Without a referrer browsers call a form's origin `null`, and it could not be told from another page's.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def is_behind_a_link(path: str) -> bool:
    """Whether a page is for whoever has a link of one purpose, without a key."""
    return path == PAGE or path.startswith(f"{PAGE}/")


def _with_query(request: Request) -> str:
    """Where the reader is; of a link the page to open it, for what its forms were sent to is no page by itself."""
    here = request.url.path
    if is_behind_a_link(here):
        return PAGE
    return f"{here}?{request.url.query}" if request.url.query else here


@cache
def _environment(language: str) -> Environment:
    environment = page_templates("service.console", extensions=["jinja2.ext.i18n"])
    texts = translations(language)
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= _filters(language, texts.gettext)
    return environment


def _filters(language: str, translate: Callable[[str], str]) -> dict[str, Callable[..., str]]:
    # Days and hours as Europe writes them: Babel's plain English is that of the United States.
    written_in = "en_GB" if language == "en" else language

    def moment(value: datetime) -> str:
        local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(_ZONE)
        return format_datetime(local, "medium", locale=written_in)

    return {
        "country": lambda code: country_name(code, language),
        "language": lambda code: language_name(code, language),
        "words": lambda text: in_page_words(str(text), translate),
        "moment": moment,
        "day": lambda value: format_date(value, "long", locale=written_in),
        "percent": lambda value: format_percent(value, locale=written_in, decimal_quantization=True),
        "decimal": lambda value, places: format_decimal(value, format=f"#,##0.{'0' * places}", locale=written_in),
        "signed": lambda value: format_decimal(value, format="+0.00;-0.00", locale=written_in),
        "difference": lambda value: format_decimal(value, format="+0.000;-0.000", locale=written_in),
        "number": lambda value: format_decimal(value, locale=written_in),
        "euros": lambda cents: format_currency(cents / 100, "EUR", locale=written_in),
    }
