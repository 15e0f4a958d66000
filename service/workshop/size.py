"""How large an event may be that is planned while somebody waits for the answer."""

from __future__ import annotations

from embeddings.errors import Refusal
from matcher.workshop.event import Event

MOST_PARTICIPANTS = 400
MOST_PAIRS = 40_000
"""Companies × providers, or pairs of companies: 200 of each side."""
MOST_CHARACTERS = 200_000
"""Of all needs together: judging them takes time before planning begins, which no limit of the solver bounds."""
_REMEDY = "Plan it with crossmatch workshop plan, which has no such limit, or in parts."


def check_size(event: Event) -> None:
    """Return if the event can be planned within a request.

    Raises:
        Refusal: too many participants, pairs that could meet, or characters of needs.
    """
    people = len(event.participants)
    if people > MOST_PARTICIPANTS:
        raise Refusal("event", f"have at most {MOST_PARTICIPANTS:,} participants here", f"{people:,}", _REMEDY)
    companies = sum(one.side == "company" for one in event.participants)
    among = event.kind == "company to company"
    pairs = companies * (companies - 1) // 2 if among else companies * (people - companies)
    if pairs > MOST_PAIRS:
        counted = f"{companies:,} companies" if among else f"{companies:,} companies and {people - companies:,} providers"
        found = f"{pairs:,} ({counted})"
        raise Refusal("event", f"have at most {MOST_PAIRS:,} pairs that could meet here", found, _REMEDY)
    characters = sum(len(one.need.whole_text) for one in event.participants if one.need is not None)
    if characters > MOST_CHARACTERS:
        wanted = f"have at most {MOST_CHARACTERS:,} characters together here"
        raise Refusal("needs of the event", wanted, f"{characters:,}", f"Shorten them. {_REMEDY}")
