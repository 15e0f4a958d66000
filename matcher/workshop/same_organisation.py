"""Participants that are one organisation under two ids: it would meet itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from embeddings.errors import Refusal
from matcher.directory import plain_name
from matcher.workshop.event import Event, Participant
from matcher.workshop.participant_rows import PlacedParticipant

_LONG_ENOUGH = 5
"""Letters of a name that may stand at the beginning of another by more than chance."""
_REQUIRED = "not be an organisation that could meet itself"
_REMEDY = "Remove one of the two, or give both the same group: then it never meets itself."


class Guest(NamedTuple):
    """A participant, and the address of its pages as far as known."""

    participant: Participant
    host: str = ""


class Alike(NamedTuple):
    """Two guests, by their places, that may be one organisation."""

    first: int
    second: int
    is_sure: bool
    could_meet: bool
    """They are of two sides, or among companies only."""

    def in_words(self, guests: Sequence[Guest]) -> str:
        """A note for the organiser."""
        one, other = guests[self.first].participant, guests[self.second].participant
        if not self.could_meet:
            return (
                f"{one.name} is there twice ({one.participant_id} and {other.participant_id}): both get meetings of their own."
            )
        names = f"{one.name} ({one.participant_id}) and {other.name} ({other.participant_id})"
        return f"{names} look alike: if they are one, give both the same group."


def same_organisations(guests: Sequence[Guest], *, between_companies: bool) -> Iterator[Alike]:
    """Those that may be one organisation under two ids, worth being told of.

    Sure is: with one provider of the directory, or one name and one address or one name in one country. An organisation
    that seeks and offers may come twice where both are of one `group`: it never meets itself then.
    """
    grouped: dict[str, list[int]] = {}
    for place, guest in enumerate(guests):
        for sign in _signs(guest):
            grouped.setdefault(sign, []).append(place)
    told: set[tuple[int, int]] = set()
    for first, second in (pair for same in grouped.values() for pair in combinations(same, 2)):
        one, other = guests[first], guests[second]
        group = one.participant.group
        if (first, second) in told or not _look_alike(one, other) or (group and group == other.participant.group):
            continue
        told.add((first, second))
        found = Alike(
            first, second, _are_surely_one(one, other), between_companies or one.participant.side != other.participant.side
        )
        if found.is_sure or found.could_meet:
            yield found


def note_same_organisations(participants: Sequence[PlacedParticipant], *, between_companies: bool) -> Iterator[str]:
    """Notes on those that may be one organisation; those that surely could meet themselves become problems of their rows."""
    guests = [Guest(placed.participant, placed.host) for placed in participants]
    for alike in same_organisations(guests, between_companies=between_companies):
        if not (alike.is_sure and alike.could_meet):
            yield alike.in_words(guests)
            continue
        first, second = participants[alike.first], participants[alike.second]
        found = f"{first.participant.name} ({first.participant.participant_id}), which is in {first.place} too"
        second.rows.problem(second.line, "name", _REQUIRED, found, _REMEDY)


def notes_on_same_organisations(event: Event) -> list[str]:
    """As `note_same_organisations`, of an event that did not come from files.

    Raises:
        Refusal: an organisation could meet itself.
    """
    guests = [Guest(one) for one in event.participants]
    notes = []
    for alike in same_organisations(guests, between_companies=event.kind == "company to company"):
        if alike.is_sure and alike.could_meet:
            first, second = guests[alike.first].participant, guests[alike.second].participant
            found = f"{first.name}, which is participant {first.participant_id} too"
            raise Refusal(f"participant {second.participant_id}", _REQUIRED, found, _REMEDY)
        notes.append(alike.in_words(guests))
    return notes


def _signs(one: Guest) -> Iterator[str]:
    """Who shares none of them does not look alike."""
    if one.participant.provider_id:
        yield f"id {one.participant.provider_id}"
    if one.host:
        yield f"host {one.host}"
    if name := plain_name(one.participant.name):
        yield f"name {name.split()[0]}"


def _look_alike(first: Guest, second: Guest) -> bool:
    one, other = first.participant, second.participant
    if (one.provider_id and one.provider_id == other.provider_id) or (first.host and first.host == second.host):
        return True
    short, long = sorted((plain_name(one.name), plain_name(other.name)), key=len)
    return short == long != "" or (len(short) >= _LONG_ENOUGH and long.startswith(f"{short} "))


def _are_surely_one(first: Guest, second: Guest) -> bool:
    one, other = first.participant, second.participant
    if one.provider_id and one.provider_id == other.provider_id:
        return True
    if plain_name(one.name) != plain_name(other.name):
        return False
    if first.host and second.host:
        return first.host == second.host
    return one.country == other.country
