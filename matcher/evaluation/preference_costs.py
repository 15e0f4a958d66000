"""What each further preference buys, and what it costs, on the sample needs and their judgements.

The benchmark of past projects cannot tell: its needs are all in English and its organisations have no coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from babel.languages import get_official_languages

from matcher.evaluation.measures import Lists, Qrels, exposure_gini, retrieval_measures
from matcher.evaluation.statistics import bootstrap_interval
from matcher.many import capped_lists
from matcher.pipeline import EncodedNeed, Matcher
from matcher.preferences import NEIGHBOURS, FurtherPreferences
from matcher.records import MOST_MATCHES, MatchList, MatchRequest, Preferences

SETTINGS: dict[str, Sequence[float]] = {
    "shared_language": (0.0, 0.5, 1.0, 2.0),
    "neighbour": (0.0, 0.5, 1.0, 2.0),
    "nearness": (0.0, 0.1, 0.25, 0.5),
    "diversity": (0.0, 0.5, 1.0, 2.0, 4.0),
}
"""Log-odds that are tried."""
CAPS = (28, 8, 5, 3)
"""Lists that a provider may be on; the first is no cap for the sample needs."""
_K = 10


@dataclass(frozen=True)
class _World:
    """What the costs are measured on."""

    matcher: Matcher
    encoded: Sequence[EncodedNeed]
    judgements: Qrels

    def answers(self, preferences: Preferences, k: int = _K) -> list[MatchList]:
        return [
            self.matcher.match_encoded(one, MatchRequest(need=one.need, preferences=preferences, k=k)) for one in self.encoded
        ]

    def quality(self, lists: Lists) -> dict[str, float]:
        values = retrieval_measures(self.judgements, lists)["nDCG@10"]
        mean = bootstrap_interval(list(values.values()))
        return {"mean": mean.mean, "low": mean.low, "high": mean.high}


def preference_costs(matcher: Matcher, encoded: Sequence[EncodedNeed], judgements: Qrels) -> list[dict[str, Any]]:
    """One entry a preference and setting: nDCG@10 with its interval, and what the preference is there for.

    Args:
        matcher: over the directory that was judged.
        encoded: the judged needs, by `Matcher.encode`; under the default border policy.
        judgements: need → provider → grade.
    """
    world = _World(matcher, encoded, judgements)
    bought: dict[str, tuple[str, Callable[[_World, list[MatchList]], float]]] = {
        "shared_language": ("share of the first ten where the need's language is official", _language_share),
        "neighbour": ("share of the first ten in a country next door", _neighbour_share),
        "nearness": ("mean distance of the first ten, km", _mean_distance),
        "diversity": ("mean likeness of two providers of one list, cosine", _likeness),
    }
    rows = []
    for name, settings in SETTINGS.items():
        what, measure = bought[name]
        for setting in settings:
            answers = world.answers(Preferences.model_validate({name: setting}))
            rows.append(_row(name, setting, what, measure(world, answers), world.quality(_lists(answers))))
    return rows + _caps(world)


def _row(name: str, setting: float, what: str, bought: float, quality: dict[str, float]) -> dict[str, Any]:
    return {"preference": name, "setting": setting, "nDCG@10": quality, "bought": bought, "what": what}


def _caps(world: _World) -> list[dict[str, Any]]:
    """Each need's first hundred, chosen from in turn."""
    providers = [provider.provider_id for provider in world.matcher.index.directory.providers]
    column = {provider: place for place, provider in enumerate(providers)}
    scores = np.full((len(world.encoded), len(providers)), -np.inf)
    for row, answer in enumerate(world.answers(Preferences(), MOST_MATCHES)):
        for match in answer.matches:
            scores[row, column[match.provider_id]] = match.score
    rows = []
    for cap in CAPS:
        chosen = capped_lists(scores, _K, cap)
        lists = {
            one.need.need_id: [providers[place] for place in listed if place >= 0]
            for one, listed in zip(world.encoded, chosen.tolist(), strict=True)
        }
        what = "exposure Gini over the directory"
        rows.append(_row("exposure_cap", cap, what, exposure_gini(lists, providers), world.quality(lists)))
    return rows


def _lists(answers: Sequence[MatchList]) -> dict[str, list[str]]:
    return {answer.request.need.need_id: [match.provider_id for match in answer.matches] for answer in answers}


def _share(answers: Sequence[MatchList], fits: Callable[[MatchList, str], bool]) -> float:
    return _mean([float(fits(answer, match.country)) for answer in answers for match in answer.matches])


def _mean(values: Sequence[float]) -> float:
    """0 where there is nothing to take the mean of."""
    return float(np.mean(values)) if len(values) else 0.0


def _language_share(_: _World, answers: list[MatchList]) -> float:
    return _share(answers, lambda answer, country: answer.language in get_official_languages(country))


def _neighbour_share(_: _World, answers: list[MatchList]) -> float:
    return _share(answers, lambda answer, country: country in NEIGHBOURS.get(answer.request.need.country, ()))


def _mean_distance(world: _World, answers: list[MatchList]) -> float:
    index, further = world.matcher.index, FurtherPreferences(world.matcher.index)
    found: list[float] = []
    for answer in answers:
        rows = index.rows_of(match.provider_id for match in answer.matches)
        found += further.kilometres(answer.request.need)[rows].tolist()
    return _mean(found)


def _likeness(world: _World, answers: list[MatchList]) -> float:
    index, subjects = world.matcher.index, FurtherPreferences(world.matcher.index).subjects
    found = []
    for answer in answers:
        vectors = subjects[index.rows_of(match.provider_id for match in answer.matches)]
        pairs = np.triu_indices(len(vectors), k=1)
        found.append(float((vectors @ vectors.T)[pairs].mean()) if len(vectors) > 1 else 0.0)
    return _mean(found)
