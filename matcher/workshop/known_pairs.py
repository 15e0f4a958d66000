"""Who of an event knows each other already, by what the record tells."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.companies import company_key
from matcher.contacts import contacts_of
from matcher.log import MatchHistory
from matcher.workshop.event import Event

Pair = tuple[str, str]


def known_pairs(event: Event, histories: Iterable[MatchHistory]) -> tuple[Pair, ...]:
    """Pairs of the event's participants who have met before or are in contact, in order of id.

    Args:
        event: whose companies are looked up by name and country, and providers by their id in the directory.
        histories: of any companies; see `matcher.contacts.contacts_of` for what counts.
    """
    by_company: dict[str, list[MatchHistory]] = {}
    for history in histories:
        by_company.setdefault(company_key(history.match.company, history.match.need_country), []).append(history)
    by_provider: dict[str, list[str]] = {}
    for one in event.participants:
        if one.provider_id:
            by_provider.setdefault(one.provider_id, []).append(one.participant_id)
    found: set[Pair] = set()
    for one in event.participants:
        key = company_key(one.name, one.country)
        if one.side != "company" or not key:
            continue
        for contact in contacts_of(by_company.get(key, ())):
            others = by_provider.get(contact.provider_id, ())
            found.update((one.participant_id, other) for other in others if other != one.participant_id)
    return tuple(sorted(found))


def with_known_pairs(event: Event, pairs: Iterable[Pair]) -> Event:
    """The event with those pairs beside the ones that it knows."""
    told = set(event.known)
    new = [pair for pair in pairs if pair not in told and pair[::-1] not in told]
    return event.model_copy(update={"known": (*event.known, *new)})
