"""Participants that are one organisation under two ids: it would meet itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from matcher.directory import plain_name
from matcher.workshop.participant_rows import PlacedParticipant

_LONG_ENOUGH = 5
"""Letters of a name that may stand at the beginning of another by more than chance."""


def note_same_organisations(participants: Sequence[PlacedParticipant], *, between_companies: bool) -> Iterator[str]:
    """Notes on those that may be one organisation; those that surely are become problems of their rows.

    Sure is: on both sides, with one provider of the directory, or one name and one address or one name in one country. An
    organisation that seeks and offers may come twice where both rows are of one `group`: it never meets itself then.
    """
    grouped: dict[str, list[PlacedParticipant]] = {}
    for placed in participants:
        for sign in _signs(placed):
            grouped.setdefault(sign, []).append(placed)
    told: set[tuple[str, str]] = set()
    pairs = [pair for same in grouped.values() for pair in combinations(same, 2) if _look_alike(*pair)]
    for first, second in pairs:
        one, other = first.participant, second.participant
        ids = (one.participant_id, other.participant_id)
        if ids in told or (one.group and one.group == other.group):
            continue
        told.add(ids)
        if not between_companies and one.side == other.side:
            if _are_surely_one(first, second):
                yield f"{one.name} is there twice ({ids[0]} and {ids[1]}): both get meetings of their own."
        elif _are_surely_one(first, second):
            found = f"{one.name} ({ids[0]}), which is in {first.place} too"
            remedy = "Remove one of the two, or give both the same group: then it never meets itself."
            second.rows.problem(second.line, "name", "not be an organisation that could meet itself", found, remedy)
        else:
            names = f"{one.name} ({ids[0]}) and {other.name} ({ids[1]})"
            yield f"{names} look alike: if they are one, give both the same group."


def _signs(one: PlacedParticipant) -> Iterator[str]:
    """Who shares none of them does not look alike."""
    if one.participant.provider_id:
        yield f"id {one.participant.provider_id}"
    if one.host:
        yield f"host {one.host}"
    if name := plain_name(one.participant.name):
        yield f"name {name.split()[0]}"


def _look_alike(first: PlacedParticipant, second: PlacedParticipant) -> bool:
    one, other = first.participant, second.participant
    if (one.provider_id and one.provider_id == other.provider_id) or (first.host and first.host == second.host):
        return True
    short, long = sorted((plain_name(one.name), plain_name(other.name)), key=len)
    return short == long != "" or (len(short) >= _LONG_ENOUGH and long.startswith(f"{short} "))


def _are_surely_one(first: PlacedParticipant, second: PlacedParticipant) -> bool:
    one, other = first.participant, second.participant
    if one.provider_id and one.provider_id == other.provider_id:
        return True
    if plain_name(one.name) != plain_name(other.name):
        return False
    if first.host and second.host:
        return first.host == second.host
    return one.country == other.country
