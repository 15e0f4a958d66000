"""Further preferences, each off by default and each a named part of the score: language, nearness, neighbours, diversity.

Like the border policy they act in log-odds on top of relevance, so each can be said in a sentence, and its price can be
measured (`matcher.evaluation.curves`).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from babel.languages import get_official_languages
from numpy.typing import NDArray

from matcher.grid import to_grid
from matcher.index import ProviderIndex, Rows
from matcher.records import Need, Preferences

Floats = NDArray[np.float64]
_EARTH_RADIUS_KM = 6371.0
_BORDERS = """
AD:ES,FR AL:GR,ME,MK,XK AT:CH,CZ,DE,HU,IT,LI,SI,SK BA:HR,ME,RS BE:DE,FR,LU,NL BG:GR,MK,RO,RS,TR BY:LT,LV,PL,RU,UA
CH:AT,DE,FR,IT,LI CZ:AT,DE,PL,SK DE:AT,BE,CH,CZ,DK,FR,LU,NL,PL DK:DE EE:LV,RU ES:AD,FR,GI,MA,PT FI:NO,RU,SE
FR:AD,BE,CH,DE,ES,IT,LU,MC GB:IE GR:AL,BG,MK,TR HR:BA,HU,ME,RS,SI HU:AT,HR,RO,RS,SI,SK,UA IE:GB IT:AT,CH,FR,SI,SM,VA
LI:AT,CH LT:BY,LV,PL,RU LU:BE,DE,FR LV:BY,EE,LT,RU MC:FR MD:RO,UA ME:AL,BA,HR,RS,XK MK:AL,BG,GR,RS,XK NL:BE,DE NO:FI,RU,SE
PL:BY,CZ,DE,LT,RU,SK,UA PT:ES RO:BG,HU,MD,RS,UA RS:BA,BG,HR,HU,ME,MK,RO,XK SE:FI,NO SI:AT,HR,HU,IT SK:AT,CZ,HU,PL,UA SM:IT
UA:BY,HU,MD,PL,RO,RU,SK VA:IT XK:AL,ME,MK,RS
"""
NEIGHBOURS = {code: frozenset(others.split(",")) for code, _, others in (pair.partition(":") for pair in _BORDERS.split())}
"""Country → countries that it has a land border with, in Europe."""


class FurtherPreferences:
    """What the preferences add to the score of each provider of one index."""

    def __init__(self, index: ProviderIndex) -> None:
        self._index = index

    def parts(self, need: Need, language: str, rows: Rows, wanted: Preferences) -> dict[str, Floats]:
        """Part → `(candidates,)` log-odds on the grid; only parts that are wanted.

        Args:
            need: country and region say where the company is.
            language: the need's.
            rows: of the candidates.
            wanted: how much each counts.
        """
        countries = self._index.countries[rows]
        parts: dict[str, NDArray[np.floating]] = {}
        if wanted.shared_language:
            speaking = [code for code in np.unique(countries).tolist() if language in get_official_languages(code)]
            parts["shared language"] = wanted.shared_language * np.isin(countries, speaking)
        if wanted.neighbour:
            parts["neighbour"] = wanted.neighbour * np.isin(countries, list(NEIGHBOURS.get(need.country, ())))
        if wanted.nearness:
            parts["distance"] = -wanted.nearness * self.kilometres(need)[rows] / 100.0
        return {name: to_grid(values.astype(np.float64)) for name, values in parts.items()}

    def kilometres(self, need: Need) -> Floats:
        """`(providers,)` from the middle of the company's region, or of its country; the middle distance where unknown.

        The middle is that of the providers there, for a need says no town.
        """
        places = self._places
        known = np.asarray(~np.isnan(places).any(axis=1))
        here = known & self._index.having("region", [need.region] if need.region else [])
        if not here.any():
            here = known & self._index.having("country", [need.country])
        if not here.any():
            return np.zeros(len(known))
        distance = great_circle(places[here].mean(axis=0), places)
        return np.where(known, distance, np.median(distance[known]))

    @cached_property
    def _places(self) -> Floats:
        """`(providers, 2)` latitude and longitude in degrees; nan where unknown."""
        found = [(provider.latitude, provider.longitude) for provider in self._index.directory.providers]
        return np.array(found, dtype=np.float64).reshape(-1, 2)

    @cached_property
    def subjects(self) -> NDArray[np.float32]:
        """`(providers, dim)` unit vectors of what sets each provider's passages apart from all passages, for diversity."""
        index = self._index
        vectors = index.vectors(np.arange(len(index.passages), dtype=np.int64))
        apart = vectors - vectors.mean(axis=0)
        total = np.zeros((len(index), apart.shape[1]), dtype=np.float32)
        np.add.at(total, index.owner, apart)
        return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def great_circle(one: Floats, others: Floats) -> Floats:
    """Kilometres from a place to others, by the haversine formula (Sinnott 1984), on a sphere.

    Args:
        one: `(2,)` latitude and longitude in degrees.
        others: `(n, 2)`.
    """
    start, ends = np.radians(one), np.radians(others)
    half = np.sin((ends - start) / 2) ** 2
    chord = half[:, 0] + np.cos(start[0]) * np.cos(ends[:, 0]) * half[:, 1]
    kilometres: Floats = 2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    return kilometres


def diversified(scores: Floats, subjects: NDArray[np.float32], weight: float, k: int) -> tuple[Rows, Floats]:
    """Order by maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998), in log-odds.

    Each place goes to the best of score − weight × its largest cosine with those listed before it.

    Args:
        scores: `(n,)`, in descending order.
        subjects: `(n, dim)` unit vectors.
        weight: log-odds that an exact repetition costs.
        k: places to fill.

    Returns:
        Positions in the order listed, and what each lost, on the grid; both `(min(k, n),)`.
    """
    nearest = np.zeros(len(scores))
    left = np.ones(len(scores), dtype=np.bool_)
    order, lost = [], []
    for _ in range(min(k, len(scores))):
        penalty = to_grid(weight * np.maximum(nearest, 0.0))
        best = int(np.argmax(np.where(left, scores - penalty, -np.inf)))
        order.append(best)
        lost.append(-float(penalty[best]))
        left[best] = False
        nearest = np.maximum(nearest, subjects @ subjects[best])
    return np.array(order, dtype=np.int64), np.array(lost)
