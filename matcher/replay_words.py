"""A replay in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.replay import Change, NumberChanged, Replay

NONE = "none"
"""Stands for what was not there."""
_DIGITS = range(2, 7)


def sentences_of(replay: Replay) -> Iterator[str]:
    """Whether the list is the same, what changed that decides it, and what differs, provider by provider."""
    yield "The list is the same today." if replay.same else "The list is another today."
    if replay.causes:
        yield from (f"Changed since: {cause.what}, from {cause.given} to {cause.now}." for cause in replay.causes)
    elif not replay.same:
        yield "Nothing changed that is known to decide a list: the software itself must have."
    else:
        yield "Nothing changed that decides a list."
    if replay.verdict is not None:
        yield _then_and_now(replay.verdict)
    yield from (f"No longer on the list: {one.name} ({one.provider_id}), at {one.rank} then." for one in replay.gone)
    yield from (f"New on the list: {one.name} ({one.provider_id}), at {one.rank}." for one in replay.new)
    yield from (f"{one.name} ({one.provider_id}) moved from {one.given} to {one.now}." for one in replay.moved)
    for (name, provider_id), numbers in groupby(replay.numbers, key=lambda one: (one.name, one.provider_id)):
        yield f"{name} ({provider_id}): {'; '.join(map(_number, numbers))}."
    for told in replay.explanations:
        yield f"{told.name} ({told.provider_id}), otherwise than then: {', '.join(told.what)}."
    yield from (_then_and_now(one) for one in replay.circumstances if one.what != "notes")
    for one in replay.circumstances:
        if one.what == "notes":
            yield f"Notes then: {one.given}" + ("." if one.given == NONE else "")
            yield f"Notes now: {one.now}" + ("." if one.now == NONE else "")
    yield from (f"On no new list today: {one.name} ({one.provider_id}), at {one.rank} then." for one in replay.off_lists)


def _then_and_now(change: Change) -> str:
    return f"{change.what[0].upper()}{change.what[1:]}: {change.given} then, {change.now} now."


def _number(change: NumberChanged) -> str:
    """With as many digits as it takes to tell the two apart."""
    share = change.number == "probability"
    for digits in _DIGITS:
        given, now = (_written(value, digits - share, share) for value in (change.given, change.now))
        if given != now:
            break
    return f"{change.number} {given} → {now}"


def _written(value: float | None, digits: int, share: bool) -> str:
    if value is None:
        return NONE
    return f"{value:.{digits}%}" if share else f"{value:.{digits}f}"
