"""A sentence with the words marked that evidence shares with it."""

from __future__ import annotations

import re
from collections.abc import Sequence


def marked(sentence: str, terms: Sequence[str]) -> list[tuple[str, bool]]:
    """The sentence in pieces, each with whether it is one of the words.

    Args:
        sentence: of the need.
        terms: as the need writes them; those that the sentence lacks are passed over.
    """
    if not terms:
        return [(sentence, False)]
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    pieces = pattern.split(sentence)
    # What was split by stands at every second place.
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
