"""From scores to figures: lists, their measures need by need, and means with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.measures import (
    Lists,
    catalogue_coverage,
    country_entropy,
    cross_border_share,
    exposure_gini,
    retrieval_measures,
)
from matcher.evaluation.panel import Panel
from matcher.evaluation.statistics import Interval, bootstrap_interval
from matcher.many import top_lists

DEEPEST = 50
"""Places that are looked at: Recall@50 is the deepest measure."""


@dataclass(frozen=True)
class Figures:
    """Measures of one ranker over the needs of a panel."""

    by_need: dict[str, dict[str, float]]
    """Measure → need → value."""
    over_all: dict[str, float]
    """Measures that are of all lists together: exposure Gini and catalogue coverage."""
    groups: tuple[str, ...]
    """Of the needs, in their order."""

    def values(self, measure: str) -> NDArray[np.float64]:
        """`(needs,)`"""
        return np.array(list(self.by_need[measure].values()))

    def interval(self, measure: str) -> Interval:
        """Mean over the needs; those of one project are drawn together."""
        return bootstrap_interval(self.values(measure), self.groups)

    def summary(self) -> dict[str, Any]:
        """Means with their intervals, ready for JSON."""
        found: dict[str, Any] = {}
        for measure in self.by_need:
            mean = self.interval(measure)
            found[measure] = {"mean": mean.mean, "low": mean.low, "high": mean.high}
        return found | self.over_all


def figures_of(panel: Panel, scores: NDArray[np.floating]) -> Figures:
    """Lists of a ranker and their measures.

    Args:
        panel: the needs and their candidates.
        scores: `(needs, providers)`; -inf leaves a candidate out.
    """
    places = top_lists(np.where(panel.candidate, scores, -np.inf), DEEPEST)
    return figures_of_places(panel, places)


def figures_of_places(panel: Panel, places: NDArray[np.int64]) -> Figures:
    """Measures of lists that are given as columns of the panel, `(needs, k)`, -1 where a list ends."""
    providers = np.array(panel.providers)
    ids = [need.need_id for need in panel.needs]
    rows = [found[found >= 0] for found in places]
    lists: Lists = {need: providers[row].tolist() for need, row in zip(ids, rows, strict=True)}
    qrels = {
        need: {panel.providers[column]: int(grades[column]) for column in np.flatnonzero(grades).tolist()}
        for need, grades in zip(ids, panel.grades, strict=True)
    }
    countries = [panel.provider_countries[row].tolist() for row in rows]
    by_need = retrieval_measures(qrels, lists)
    by_need["cross-border share@10"] = {
        need.need_id: cross_border_share(found, need.country) for need, found in zip(panel.needs, countries, strict=True)
    }
    by_need["country entropy@10"] = {need: country_entropy(found) for need, found in zip(ids, countries, strict=True)}
    present = [panel.providers[column] for column in np.flatnonzero(panel.candidate.any(axis=0)).tolist()]
    over_all = {"exposure Gini": exposure_gini(lists, present), "catalogue coverage": catalogue_coverage(lists, present)}
    return Figures(by_need, over_all, panel.groups)
