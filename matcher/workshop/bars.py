"""Who may not meet whom, and why: one flag a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from matcher.workshop.event import Event, Participant
from matcher.workshop.places import PlaceFinder

Barred = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Bar(IntFlag):
    """Why two participants may not meet."""

    SAID_NO = 1
    KNOWN = 2
    FORBIDDEN = 4
    GROUP = 8
    LANGUAGE = 16
    DOMESTIC = 32
    APART = 64
    """They are never there at the same time."""
    OTHER_HALF = 128
    """Companies among themselves: the pair is counted the other way round, or it is one company twice."""

    @property
    def reason(self) -> str:
        """In words."""
        return _REASONS[self]


_REASONS = {
    Bar.SAID_NO: "one of them said no",
    Bar.KNOWN: "they know each other already",
    Bar.FORBIDDEN: "the organiser took the pair out",
    Bar.GROUP: "they belong to one group",
    Bar.LANGUAGE: "they share no language",
    Bar.DOMESTIC: "they are in one country, and the border policy is 'require'",
    Bar.APART: "they are never there at the same time",
    Bar.OTHER_HALF: "nobody meets itself",
}


def barred_pairs(
    event: Event,
    rows: Sequence[Participant],
    columns: Sequence[Participant],
    present: tuple[Mask, Mask],
    place_of: PlaceFinder,
) -> Barred:
    """`(rows, columns)` flags of `Bar`; 0 where the two may meet.

    Args:
        event: with the rules.
        rows: participants of the rows.
        columns: participants of the columns, the same ones for companies among themselves.
        present: `(rows, slots)` and `(columns, slots)`, who is there when.
        place_of: row and column of two ids; `None` where they are of one side.
    """
    barred: Barred = np.zeros((len(rows), len(columns)), dtype=np.uint8)
    flag(barred, ~_share_one(*present), Bar.APART)
    flag(barred, ~_share_language(rows, columns), Bar.LANGUAGE)
    flag(barred, _same(rows, columns, lambda one: one.group), Bar.GROUP)
    if event.policy.mode == "require":
        flag(barred, _same(rows, columns, lambda one: one.country), Bar.DOMESTIC)
    if event.kind == "company to company":
        flag(barred, np.tri(len(rows), dtype=np.bool_), Bar.OTHER_HALF)

    def places(pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
        return [place for one, other in pairs if (place := place_of(one, other)) is not None]

    wanted = {*places((wish.of, wish.about) for wish in event.wishes if wish.level != "no")}
    wanted |= {*places((one.company_id, one.provider_id) for one in event.fixed)}
    known = [place for place in places(event.known) if place not in wanted]
    for found, bar in (
        (places((wish.of, wish.about) for wish in event.wishes if wish.level == "no"), Bar.SAID_NO),
        (known, Bar.KNOWN),
        (places(event.forbidden), Bar.FORBIDDEN),
    ):
        if found:
            at = tuple(np.array(found).T)
            barred[at] |= np.uint8(bar)
    return barred


def flag(barred: Barred, where: Mask, bar: Bar) -> None:
    """Set one flag, in place."""
    barred[where] |= np.uint8(bar)


def foreign_pairs(rows: Sequence[Participant], columns: Sequence[Participant]) -> Mask:
    """`(rows, columns)`: the two are in different countries."""
    return np.asarray(~_same(rows, columns, lambda one: one.country))


def _share_one(rows: Mask, columns: Mask) -> Mask:
    return np.asarray(rows.astype(np.float32) @ columns.T.astype(np.float32) > 0)


def _share_language(rows: Sequence[Participant], columns: Sequence[Participant]) -> Mask:
    known = sorted({language for one in (*rows, *columns) for language in one.languages})
    number = {language: place for place, language in enumerate(known)}

    def spoken(people: Sequence[Participant]) -> Mask:
        speaks = np.zeros((len(people), max(1, len(known))), dtype=np.bool_)
        for line, one in enumerate(people):
            speaks[line, [number[language] for language in one.languages] if one.languages else slice(None)] = True
        return speaks

    # Who says nothing speaks whatever the other does; one that says nothing, with another that says nothing, too.
    return _share_one(spoken(rows), spoken(columns))


def _same(rows: Sequence[Participant], columns: Sequence[Participant], told: Callable[[Participant], str]) -> Mask:
    left, right = (np.array([told(one) for one in people], dtype=object) for people in (rows, columns))
    codes = {name: code for code, name in enumerate(sorted({*left, *right} - {""}), start=1)}
    first = np.array([codes.get(name, 0) for name in left])
    second = np.array([codes.get(name, -1) for name in right])
    return np.asarray(first[:, None] == second[None, :])
