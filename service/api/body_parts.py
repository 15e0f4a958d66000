"""The values of a body, one after the other, and what is refused of one that is not of the type that the schema says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from embeddings.errors import Refusal, shown


class Part(NamedTuple):
    """A value that holds no others."""

    holders: tuple[str, ...]
    """Names of what it lies in, from the outside; empty names for the body itself and for lists within lists."""
    name: str
    value: Any


def parts_of(body: Any) -> Iterator[Part]:
    """All of them. Not by recursion: a body may be as deep as its reader allows."""
    left = [Part((), "", body)]
    while left:
        holders, name, one = part = left.pop()
        if isinstance(one, dict):
            left += (Part((*holders, name), key, value) for key, value in one.items())
        elif isinstance(one, list):
            left += (Part(holders, name, value) for value in one)
        else:
            yield part


def refuse_truth_value(part: Part) -> None:
    """`True` is 1 to pydantic.

    Raises:
        Refusal: it is one.
    """
    if isinstance(part.value, bool):
        raise Refusal(part.name or "value", "not be a truth value", shown(part.value), "Write the value itself.")


def refuse_number_as_moment(part: Part, example: str) -> None:
    """In a number pydantic sees seconds since 1970.

    Raises:
        Refusal: it is one, in digits or in a text.
    """
    try:
        float(part.value)
    except (TypeError, ValueError):
        return
    raise Refusal(part.name, "be a date and time", shown(part.value), f"Write it as in {example}.")
