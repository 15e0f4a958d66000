"""What a company needs of good partners, if it is to be served so well with no more meetings than it may have.

If the best three of five meetings give 1.1 at most, and 1.5 are needed, then of the other two one at least is worth 0.2. These
limits hold for whole meetings, not for parts of them, and so bring the linear programme nearer to what is possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.workshop.pairing import Floats, Integers, Pairing
from matcher.workshop.service import values_of

_ROUNDING = 1e-9
_VIOLATED = 1e-3


@dataclass(frozen=True)
class Rank:
    """A company has at least `count` meetings that are worth `threshold` or more."""

    person: int
    threshold: float
    count: int

    def stock(self, pairing: Pairing) -> float:
        """As a limit from above: less than none of these meetings."""
        return -float(self.count)

    def costs(self, pairing: Pairing, rows: Integers, columns: Integers) -> Floats:
        """`(pairs,)`: -1 for those that count."""
        own = (rows == self.person) | (columns + pairing.first_column == self.person)
        return np.where(own & (pairing.value[rows, columns] >= self.threshold), -1.0, 0.0)


def ranks_of(pairing: Pairing, worst: float) -> list[Rank]:
    """Every limit of this kind for plans that serve all companies so well."""
    found: list[Rank] = []
    for person in np.flatnonzero(pairing.served).tolist():
        most = int(pairing.most[person])
        best = np.sort(values_of(pairing, person))[::-1][:most].astype(np.float64)
        so_far = 0.0
        for count in range(1, most + 1):
            threshold = (worst - so_far) / (most - count + 1) - _ROUNDING
            if threshold <= 0:
                break
            found.append(Rank(person, threshold, count))
            so_far += best[count - 1] if count <= len(best) else 0.0
    return found


def broken_ranks(
    pairing: Pairing, ranks: list[Rank], rows: Integers, columns: Integers, amount: Floats
) -> list[tuple[float, Rank]]:
    """Those that an assignment breaks, and by how many meetings."""
    persons = columns + pairing.first_column
    value = pairing.value[rows, columns]
    meets = np.flatnonzero(amount > 0)
    of_person: dict[int, list[int]] = {}
    for number in meets.tolist():
        of_person.setdefault(int(rows[number]), []).append(number)
        of_person.setdefault(int(persons[number]), []).append(number)
    found: list[tuple[float, Rank]] = []
    for rank in ranks:
        own = np.array(of_person.get(rank.person, []), dtype=np.int64)
        over = rank.count - float(amount[own][value[own] >= rank.threshold].sum())
        if over > _VIOLATED:
            found.append((over, rank))
    return found
