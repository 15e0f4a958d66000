"""From pydantic's errors to refusals that name the place, what was required, what was found and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from embeddings.errors import Refusal, shown
from matcher.errors import NeedTooLong, RequestRefused
from matcher.fields import LONGEST_NEED

RecordType = TypeVar("RecordType", bound=BaseModel)

_LONGEST_NAME = 60
"""Characters of a field's name that are shown."""

_KINDS: dict[str, tuple[str, str]] = {
    "string_type": ("be text", "Put it in quotes."),
    "string_unicode": ("be whole Unicode text", "Remove the half character."),
    "string_too_short": ("not be empty", "Fill it in."),
    "too_short": ("not be empty", "Fill it in."),
    "int_type": ("be a whole number", "Write digits, for instance 10."),
    "int_parsing": ("be a whole number", "Write digits, for instance 10."),
    "int_parsing_size": ("be a whole number", "Write a smaller one."),
    "int_from_float": ("be a whole number", "Write it without a fraction."),
    "float_type": ("be a number", "Write digits, for instance 1.5."),
    "float_parsing": ("be a number", "Write digits, for instance 1.5."),
    "finite_number": ("be a finite number", "Write digits, for instance 1.5."),
    "bool_type": ("be true or false", ""),
    "bool_parsing": ("be true or false", ""),
    "tuple_type": ("be a list", "Put the values in brackets."),
    "dict_type": ("be an object with named fields", "Put the fields in braces."),
    "model_type": ("be an object with named fields", "Put the fields in braces."),
    "model_attributes_type": ("be an object with named fields", "Put the fields in braces."),
}
"""pydantic's kinds of error → what was required, and the remedy."""

_LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("greater than", "gt"),
    "less_than": ("less than", "lt"),
}


def parts_of(error: Mapping[str, Any], subject: str) -> tuple[str, str, str, str]:
    """`place, required, found, remedy` of one entry of `ValidationError.errors()`."""
    location = [_short(str(step)) for step in error["loc"] if step not in ("body", "query", "path")]
    fields = [step for step in location if not step.isdigit()]
    place = f"{fields[-1]} of the {' '.join(fields[:-1]) or subject}" if fields else subject
    found = shown(error.get("input"))
    context = error.get("ctx", {})
    cause, kind = context.get("error"), error["type"]
    if isinstance(cause, Refusal):
        return place, cause.required, cause.found, cause.remedy
    if kind == "missing":
        return place, "be given", "nothing", f"Add the field {fields[-1]}." if fields else ""
    if kind == "extra_forbidden":
        return place, "be a known field", "an unknown one", "Remove it or correct its name."
    if kind == "string_too_long":
        length = len(error["input"]) if isinstance(error.get("input"), str) else "more"
        return place, f"have at most {context['max_length']:,} characters", f"{length:,} characters", "Shorten it."
    if kind == "literal_error":
        return place, f"be one of {context['expected']}", found, "Choose one of them."
    if kind in _LIMITS:
        word, limit = _LIMITS[kind][0], context[_LIMITS[kind][1]]
        return place, f"be {word} {f'{limit:g}' if isinstance(limit, float) else limit}", found, "Choose a value in that range."
    if kind.startswith("datetime"):
        return place, "be a date and time", found, "Write it as in 2026-01-31T12:00:00Z."
    wanted, remedy = _KINDS.get(kind, (f"be valid ({error['msg']})", ""))
    return place, wanted, found, remedy


def _short(name: str) -> str:
    """Unknown fields are called by whatever name they came with."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def refusal_of(error: ValidationError, subject: str) -> Refusal:
    """The first problem as a refusal; a need that is too long has a class of its own."""
    first = error.errors()[0]
    place, wanted, found, remedy = parts_of(first, subject)
    return (NeedTooLong if is_need_too_long(first) else RequestRefused)(place, wanted, found, remedy)


def is_need_too_long(error: Any) -> bool:
    """Whether it is the text of a need that is too long, by what pydantic says; other texts are called so too."""
    if error["type"] != "string_too_long" or not error["loc"]:
        return False
    return bool(error["loc"][-1] == "text" and error["ctx"]["max_length"] == LONGEST_NEED)


def checked(record: type[RecordType], values: Mapping[str, Any], subject: str) -> RecordType:
    """A record from outside values.

    Raises:
        RequestRefused: a value is not as the record requires.
        NeedTooLong: the need's text is over the limit.
    """
    try:
        return record.model_validate(dict(values))
    except ValidationError as error:
        raise refusal_of(error, subject) from error
