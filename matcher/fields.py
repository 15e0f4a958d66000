"""The kinds of fields that records are made of: how each is checked, and how JSON Schema tells it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue

from embeddings.errors import Refusal, check_encodable, shown
from embeddings.language import LANGUAGES
from matcher.countries import checked_country, country_names

LONGEST_NEED = 10_000
"""Characters of a need that are read: five times the longest of the programme's application forms."""

MOST_MATCHES = 100
"""The longest list given out: nobody acts on more, and a page of it stays readable."""

MOST_NAMED = 1_000
"""Values of one list of a request: far more than anybody chooses, and few enough to look at each."""

LARGEST_NUMBER = 2**53 - 1
"""Of a row, as it is asked for: beyond it not every reader of JSON keeps a number exactly, those of schemas among them."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Check(AfterValidator):
    """A check of a text, and the pattern that tells it to whoever reads the schema."""

    pattern: str = ""

    def __get_pydantic_json_schema__(self, checked: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the text, with the pattern."""
        return {**handler(checked), "pattern": self.pattern}


class _CountryCheck(Check):
    """Names the countries only when a schema is made: their list is read from a file."""

    def __get_pydantic_json_schema__(self, checked: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        pattern = f"^({'|'.join(sorted(country_names()))})$"
        return {**handler(checked), "pattern": pattern, "description": "ISO 3166 letters, in any case"}


def _whole_text(text: str) -> str:
    check_encodable([text])
    return text


_THREE_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_].*?[^\W\d_]", re.DOTALL)


def _said(text: str) -> str:
    _whole_text(text)
    if not text.strip():
        raise Refusal("text", "say what is looked for", "an empty text", "Write one sentence or more.")
    if _THREE_LETTERS.search(text) is None:
        raise Refusal("text", "say in words what is looked for", shown(text), "Write one sentence or more.")
    return text


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal("time_zone", "be a zone of the IANA list", shown(name), "For instance Europe/Brussels.") from error
    return name


def _language(code: str) -> str:
    lower = code.strip().lower()
    if not re.fullmatch(r"[a-z]{2,3}", lower):
        remedy = f"For instance {', '.join(LANGUAGES)}."
        raise Refusal("language", "be a language by its ISO 639 letters", shown(code), remedy)
    return lower


def _no_truth_value(value: Any) -> Any:
    """`True` is 1 to Python, but nobody who writes it means a number."""
    if isinstance(value, bool):
        raise Refusal("number", "be a number", str(value), "Write digits.")
    return value


def _day(value: Any) -> Any:
    """A day as such or in ISO form. Anything else is refused: pydantic reads `20241201` as seconds since 1970."""
    if type(value) is dt.date:
        return value
    try:
        return dt.date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise Refusal("day", "be a day as in 2026-01-31", shown(value), "Write year, month and day.") from None


def _no_number(value: Any) -> Any:
    """Days and times are written out. In a number pydantic sees seconds since 1970: in `2024` the first hour of that year."""
    try:
        float(value)
    except (TypeError, ValueError):
        return value
    raise Refusal("moment", "be a date and time", shown(value), "Write it as in 2026-01-31T12:00:00Z.")


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """A moment without a zone is taken as UTC."""
    try:
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except OverflowError:
        wanted = "lie between the years 1 and 9999 in UTC"
        raise Refusal("moment", wanted, moment.isoformat(), "Leave it out.") from None


class _Few(BeforeValidator):
    """A bound on the length of a list, looked at before any of its values is."""

    def __get_pydantic_json_schema__(self, checked: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(checked), "maxItems": MOST_NAMED}


def _at_most(values: Any) -> Any:
    if isinstance(values, list | tuple) and len(values) > MOST_NAMED:
        raise Refusal("list", f"have at most {MOST_NAMED:,} values", f"{len(values):,}", "Name fewer.")
    return values


WHOLE = Check(_whole_text, r"^[^\u0000]*$")
"""Of a text that databases and encoders can hold."""

# Limits stand before what is checked first: behind it pydantic tells them in words that JSON Schema does not know.
Count = Annotated[int, Field(ge=1, le=MOST_MATCHES), BeforeValidator(_no_truth_value)]
"""Of matches."""
Country = Annotated[str, _CountryCheck(checked_country)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Language = Annotated[str, Check(_language, "^[A-Za-z]{2,3}$")]
Line = Annotated[str, Field(max_length=500), WHOLE]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
LogOdds = Annotated[float, Field(ge=0, le=20, allow_inf_nan=False), BeforeValidator(_no_truth_value)]
Moment = Annotated[dt.datetime, BeforeValidator(_no_number), AfterValidator(_in_utc)]
NeedText = Annotated[str, Field(max_length=LONGEST_NEED), Check(_said, r"^([^\u0000\p{L}]*\p{L}){3}[^\u0000]*$")]
Several = Annotated[tuple[Value, ...], _Few(_at_most)]
PositiveLogOdds = Annotated[float, Field(gt=0, le=20, allow_inf_nan=False), BeforeValidator(_no_truth_value)]
Signature = Annotated[str, Field(max_length=200), WHOLE]
"""Who did something, for the record."""
