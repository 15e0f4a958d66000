"""The form that every refusal of a request has."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from embeddings.errors import Refusal
from matcher.records import BorderPolicy, Filters, MatchRequest, Need, Record
from matcher.validation import checked

GOOD_NEED: dict[str, object] = {"text": "We look for a laboratory.", "country": "NL"}
_SUBJECTS: dict[str, type[Record]] = {"need": Need, "filters": Filters, "policy": BorderPolicy, "request": MatchRequest}
_FORM = re.compile(r"The [a-z_]+( of the [a-z_ ]+)? must (?!input|value error)[a-z][^|]*\. Got [^|]+\.( [A-Z][^|]*\.)?")


def refusal(subject: str, values: Mapping[str, object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        checked(_SUBJECTS[subject], values, subject)
    return caught.value


def refusal_of_need(**values: object) -> Refusal:
    return refusal("need", {**GOOD_NEED, **values})


def refusal_of_request(**values: object) -> Refusal:
    return refusal("request", {"need": GOOD_NEED, **values})


def has_the_form(message: str) -> bool:
    """'The X of the Y must Z. Got W. Remedy.' in plain words."""
    return _FORM.fullmatch(message) is not None
