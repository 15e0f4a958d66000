"""What is known of the providers beside their texts, for one need: whom the company worked with, and whom it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.acquaintance import Acquaintance, counted
from matcher.index import ProviderIndex, RowMask, Rows
from matcher.mentions import Mentions, Named
from matcher.records import Need

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Surroundings:
    """Of one need. Arrays are parallel to the candidates."""

    acquainted: Floats
    """Earlier projects together with the company."""
    named_country: Floats
    """1 where the need names the provider's country, which is not the company's own."""
    named_town: Floats
    named_organisation: Floats
    shared: dict[int, list[int]] = field(default_factory=dict)
    """Provider row → passages about projects that the company was in too."""
    named: Named | None = None
    """The words that name a country, a town or an organisation."""

    @classmethod
    def none(cls, candidates: int) -> Surroundings:
        """Nothing is known."""
        nothing = np.zeros(candidates)
        return cls(nothing, nothing, nothing, nothing)


def joined(around: Sequence[Surroundings]) -> Surroundings:
    """The numbers of several needs, one after the other; what is told of each need stays with its own."""
    if len(around) == 1:
        return around[0]
    return Surroundings(
        acquainted=np.concatenate([one.acquainted for one in around]),
        named_country=np.concatenate([one.named_country for one in around]),
        named_town=np.concatenate([one.named_town for one in around]),
        named_organisation=np.concatenate([one.named_organisation for one in around]),
    )


class Surveyor:
    """Looks up the surroundings of needs in one index."""

    def __init__(self, index: ProviderIndex) -> None:
        self._index = index
        self._acquaintance = Acquaintance(index)
        self._mentions = Mentions(index.directory.providers)

    def survey(self, need: Need, language: str, rows: Rows, heard: RowMask | None = None) -> Surroundings:
        """Surroundings of the providers at those rows.

        Args:
            need: with the company's identity, as far as it is known.
            language: the need's.
            rows: of the candidates.
            heard: `(passages,)` booleans; the others are as if they were not there.
        """
        company = self._index.rows_of(self._index.directory.own_organisation(need)).tolist()
        shared = self._acquaintance.shared_projects(company, heard) if company else {}
        named = self._mentions.find(need.whole_text, language, need.country)
        nothing = np.zeros(len(rows))
        acquainted = counted(shared, len(self._index))[rows] if shared else nothing
        country = town = organisation = nothing
        if named.findings:
            flags = named.country, named.town, named.organisation
            country, town, organisation = (flag[rows].astype(np.float64) for flag in flags)
        return Surroundings(acquainted, country, town, organisation, shared, named)
