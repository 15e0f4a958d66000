"""What a search may find, as conditions that the database checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.hits import Mask
from service.store.places import Places

_FEW = 0.25
"""Share of the rows up to which a condition lists them, for the partitions' index by row; more are told by a bit each."""
_LISTED = "row = ANY(CAST((SELECT CAST(:rows AS integer[])) AS integer[]))"
"""Within a SELECT, or the planner looks at every one of thousands of rows, which takes longer than the search."""
_BITS = "get_bit(CAST(:bits AS bytea), row) = 1"


@dataclass(frozen=True)
class Where:
    """A filter by what the database knows of a passage's provider; an empty tuple allows every value."""

    countries: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def kept(self, places: Places) -> Mask:
        """`(n,)` which rows pass."""
        mask = np.ones(len(places), dtype=np.bool_)
        for column, values in ((places.countries, self.countries), (places.categories, self.categories)):
            if values:
                mask &= np.isin(column, values)
        return mask & np.isin(places.regions, self.regions) if self.regions else mask


@dataclass(frozen=True)
class Kept:
    """What a filter leaves: conditions within a country, all of which must hold, and how many rows of each country do."""

    by_country: NDArray[np.int64]
    """In order of `Countries.names`."""
    comparing: tuple[str, ...] = ()
    """Conditions for who compares every row that they leave."""
    searching: tuple[str, ...] = ()
    """The same for who asks them of one row after the other, as a search of an index does."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Of both."""


class Countries:
    """Which rows are which country's, so that a mask of rows becomes partitions, and rows only where it must."""

    def __init__(self, places: Places) -> None:
        self._places = places
        names, self._of_row = np.unique(places.countries, return_inverse=True)
        self.names: list[str] = names.tolist()
        self.sizes = self._counted(np.ones(len(places), dtype=np.bool_))

    def of(self, rows: NDArray[np.int64]) -> list[str]:
        """Countries that have one of those rows."""
        return [self.names[number] for number in np.unique(self._of_row[rows])]

    def kept_by_mask(self, allowed: Mask | None) -> Kept:
        """What a mask of rows leaves. Its rows are told only where it allows a part of some country."""
        if allowed is None:
            return Kept(self.sizes)
        by_country = self._counted(allowed)
        touched = by_country > 0
        if np.array_equal(by_country[touched], self.sizes[touched]):
            return Kept(by_country)
        parameters: dict[str, Any] = {"bits": np.packbits(allowed, bitorder="little").tobytes()}
        if int(by_country.sum()) > _FEW * int(self.sizes[touched].sum()):
            return Kept(by_country, (_BITS,), (_BITS,), parameters)
        return Kept(by_country, (_LISTED,), (_BITS,), parameters | {"rows": np.flatnonzero(allowed).tolist()})

    def kept_by(self, where: Where) -> Kept:
        """What a filter by columns leaves."""
        wanted = {"category": list(where.categories), "region": list(where.regions)}
        told = {column: values for column, values in wanted.items() if values}
        conditions = tuple(f"{column} = ANY(:{column})" for column in told)
        return Kept(self._counted(where.kept(self._places)), conditions, conditions, told)

    def _counted(self, mask: Mask) -> NDArray[np.int64]:
        return np.bincount(self._of_row[mask], minlength=len(self.names)).astype(np.int64)
