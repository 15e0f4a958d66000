"""Who of an event knows each other already by the match log, as far as whoever plans may see it."""

from __future__ import annotations

from collections.abc import Callable

from matcher.log import MatchLog
from matcher.workshop.event import Event
from matcher.workshop.known_pairs import known_pairs, with_known_pairs


def leave_out_known(event: Event, log: MatchLog, sees: Callable[[str], bool] = lambda region: True) -> tuple[Event, list[str]]:
    """The event with the pairs that know each other by the record, and notes that name them.

    Args:
        event: whose companies are looked up by name and country.
        log: the record.
        sees: whether what is on record for companies of this region may count. A pair that is left out, or a note about it,
            tells that the two have met.

    Raises:
        LogUnavailable: the record cannot be read.
    """
    companies = {(one.name, one.country) for one in event.participants if one.side == "company"}
    histories = [
        history
        for name, country in sorted(companies)
        for history in log.histories_of(name, country)
        if sees(history.match.need_region)
    ]
    pairs = known_pairs(event, histories)
    notes = [f"By the record they know each other already: {', '.join(map(' and '.join, pairs))}."] if pairs else []
    return with_known_pairs(event, pairs), notes
