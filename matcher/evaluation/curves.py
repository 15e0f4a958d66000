"""What a preference costs: quality against what is preferred, as the preference grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.figures import DEEPEST, Figures, figures_of, figures_of_places
from matcher.evaluation.panel import Panel
from matcher.evaluation.rankers import learned
from matcher.many import top_lists
from matcher.ranking import with_floor
from matcher.records import Floor
from matcher.relevance import RelevanceModel

BETAS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
FLOORS = (Floor(at_least=3, of_first=5), Floor(at_least=8, of_first=10))
EXPERIENCE_COUNTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)


def border_curve(panel: Panel, model: RelevanceModel, betas: Sequence[float] = BETAS) -> list[dict[str, Any]]:
    """nDCG@10 and cross-border share@10 under each policy.

    Args:
        panel: with candidates and known matches of all countries, the company's own included: where only foreign ones
            counted as right, favouring them could cost nothing.
        model: of relevance.
        betas: border bonuses of the policy `favour`; 0 is the policy `neutral`.
    """
    relevance, foreign = learned(model)(panel), panel.foreign
    points = []
    for beta in betas:
        name = f"favour, β = {beta:g}" if beta else "neutral"
        points.append(_point(name, "favour" if beta else "neutral", beta, figures_of(panel, relevance + beta * foreign)))
    abroad = figures_of(panel, np.where(foreign, relevance, -np.inf))
    points.append(_point("require", "require", None, abroad))
    every = np.where(panel.candidate, relevance, -np.inf)
    for floor in FLOORS:
        places = _floored(every, foreign, floor)
        name = f"neutral, floor {floor.at_least}/{floor.of_first}"
        points.append(_point(name, "floor", None, figures_of_places(panel, places)))
    return points


def experience_curve(panel: Panel, model: RelevanceModel) -> list[dict[str, Any]]:
    """Quality against exposure Gini, as the weight of how much evidence there is moves from nothing to more than learned."""
    return [
        _point(
            f"experience × {count:g}", "experience", count, figures_of(panel, learned(model, experience_counts=count)(panel))
        )
        for count in EXPERIENCE_COUNTS
    ]


def _point(name: str, kind: str, setting: float | None, figures: Figures) -> dict[str, Any]:
    return {"name": name, "kind": kind, "setting": setting, **figures.summary()}


def _floored(scores: NDArray[np.floating], foreign: NDArray[np.bool_], floor: Floor) -> NDArray[np.int64]:
    """Lists with the floor, need by need. The floor moves only the first places, so the deepest need not be longer."""
    everyone = np.sum(scores > -np.inf, axis=1)
    places = top_lists(scores, int(everyone.max()))
    lists = np.full((len(scores), DEEPEST), -1, dtype=np.int64)
    for need, listed in enumerate(places):
        order = with_floor(listed[listed >= 0], foreign[need], floor)[:DEEPEST]
        lists[need, : len(order)] = order
    return lists
