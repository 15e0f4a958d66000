"""Many requests, a block at a time. Each list is exactly the one that `Matcher.match` gives for the request alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import TypeVar

from matcher.contacts import Contact
from matcher.listing import Asked
from matcher.pipeline import Matcher
from matcher.records import MatchList, MatchRequest

ENCODED_AT_ONCE = 256
"""Needs whose texts are encoded together: enough texts of every length, and few enough to hold."""
_NUMBERS_AT_ONCE = 2**16
"""Needs × passages of one block: arrays of that size stay in the processor's cache."""
_MOST_AT_ONCE = 64

Item = TypeVar("Item")
ContactsOfEach = Callable[[Sequence[MatchRequest]], Sequence[Sequence[Contact]]]


def _no_contacts(requests: Sequence[MatchRequest]) -> Sequence[Sequence[Contact]]:
    return [() for _ in requests]


def match_many(
    matcher: Matcher,
    requests: Iterable[MatchRequest],
    contacts: ContactsOfEach = _no_contacts,
    off_lists: Collection[str] = (),
) -> Iterator[MatchList]:
    """The match list of each request, in their order. However many there are, a few hundred are held at a time.

    Args:
        matcher: answers them.
        requests: read as the lists are taken.
        contacts: whom the companies of some requests know already, one sequence a request.
        off_lists: ids of providers that are on none of the lists.

    Raises:
        RequestRefused: a filter names a region that no provider belongs to.
    """
    for some in chunks(requests, ENCODED_AT_ONCE):
        encoded = matcher.encode_each([request.need for request in some])
        yield from match_encoded_many(matcher, list(map(Asked, encoded, some, contacts(some), repeat(off_lists))))


def match_encoded_many(matcher: Matcher, asked: Sequence[Asked]) -> list[MatchList]:
    """The match lists of requests whose needs are encoded already, in their order."""
    # Needs of as many sentences have arrays of one shape, so they are put beside each other.
    order = sorted(range(len(asked)), key=lambda number: len(asked[number].encoded.parts.apart))
    at_once = min(_MOST_AT_ONCE, max(1, _NUMBERS_AT_ONCE // len(matcher.index.passages)))
    answers: dict[int, MatchList] = {}
    for block in chunks(order, at_once):
        answers.update(zip(block, matcher.match_each([asked[number] for number in block]), strict=True))
    return [answers[number] for number in range(len(asked))]


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of that size, the last one maybe shorter; never an empty one."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
