"""Consortium completion: which organisations of other countries joined the project that a small company was in?

The result is plain data (`dict`, lists, numbers), so that it can be written as JSON and drawn without this code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from matcher.evaluation.benchmark import Benchmark
from matcher.evaluation.calibration import Calibration, calibration
from matcher.evaluation.curves import border_curve, experience_curve
from matcher.evaluation.figures import Figures, figures_of
from matcher.evaluation.panel import Panel, observe
from matcher.evaluation.rankers import BASELINES, LEARNED, Ranker, learned
from matcher.evaluation.statistics import bootstrap_interval, paired_difference
from matcher.index import ProviderIndex
from matcher.learning import Examples, examples_of, fit_relevance
from matcher.many import top_lists
from matcher.relevance import SIGNALS, RelevanceModel

SPLIT = dt.date(2024, 7, 1)
"""Fitted and chosen on needs before this day, reported on those from it on."""
FIVE = ("BE", "DE", "DK", "FR", "NL")
CUTS: dict[str, Sequence[str] | None] = {"all countries": None, "five countries": FIVE}
"""Decisions are taken on the first; in the second there are few needs and intervals are wide."""
LEAST_EARLIER = 25
"""Needs put when fewer organisations than that had any evidence teach nothing."""
_LISTED = 10


@dataclass(frozen=True)
class Cut:
    """The needs of some countries, before and from the day of the split; candidates of every country."""

    name: str
    before: Panel | None
    """`None` where nothing is to be fitted."""
    report: Panel


def observe_cut(
    benchmark: Benchmark,
    name: str,
    encoder: Encoder,
    *,
    fit: bool,
    split: dt.date = SPLIT,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Cut:
    """Index that part of the benchmark and look at its needs, each on its day.

    Args:
        benchmark: whole.
        name: of one of `CUTS`.
        encoder: remembers what it encoded, or this takes minutes.
        fit: whether the needs before the split are wanted.
        split: the day.
        on_progress: called with needs done and needs in all.
    """
    countries = CUTS[name]
    part = benchmark if countries is None else benchmark.restricted_to(countries)
    index = ProviderIndex.build(part.directory, encoder)
    before, report = part.split(split)
    earlier = len(before.needs) if fit else 0
    total = earlier + len(report.needs)

    def look(half: Benchmark, already: int) -> Panel:
        return observe(half, index, encoder, on_progress=lambda done, _: on_progress(already + done, total))

    return Cut(name, look(before, 0) if fit else None, look(report, earlier))


def training_examples(before: Panel) -> Examples:
    """Pairs to fit on: foreign candidates of the needs before the split."""
    foreign = before.across_the_border()
    foreign = foreign.of(np.asarray(foreign.providers_then >= LEAST_EARLIER))
    return examples_of(foreign.signals, foreign.candidate, foreign.grades > 0, foreign.providers_then)


def report_cut(cut: Cut, model: RelevanceModel, examples: Examples | None) -> dict[str, Any]:
    """Every figure of the report on one cut.

    Args:
        cut: of the benchmark.
        model: whose relevance is compared with the baselines.
        examples: to fit the ablations on; without them there is no ablation table.
    """
    foreign = cut.report.across_the_border()
    rankers: Mapping[str, Ranker] = {**BASELINES, LEARNED: learned(model)}
    found = {name: figures_of(foreign, ranker(foreign)) for name, ranker in rankers.items()}
    best = max(BASELINES, key=lambda name: found[name].interval("nDCG@10").mean)
    return {
        "name": cut.name,
        "needs": len(foreign.needs),
        "needs_left_out": len(cut.report.needs) - len(foreign.needs),
        "projects": len(set(foreign.groups)),
        "candidates": float(foreign.candidate.sum(axis=1).mean()),
        "known_matches": int((foreign.grades > 0).sum()),
        "rankers": {name: figures.summary() for name, figures in found.items()},
        "best_baseline": best,
        "against": {name: _difference(found[LEARNED], figures) for name, figures in found.items() if name != LEARNED},
        "ablation": [] if examples is None else _ablation(foreign, examples),
        "calibration": _reliability(foreign, model),
        "border": border_curve(cut.report.answered(), model),
        "experience": experience_curve(foreign, model),
        "by_country": _by_country(foreign, found[LEARNED]),
        "country_pairs": country_pairs(foreign, model),
        "by_need": {name: figures.by_need["nDCG@10"] for name, figures in found.items()},
        "groups": {need.need_id: group for need, group in zip(foreign.needs, foreign.groups, strict=True)},
    }


def _difference(one: Figures, other: Figures, measure: str = "nDCG@10") -> dict[str, float]:
    found = paired_difference(one.values(measure), other.values(measure), one.groups)
    return {
        "mean": found.interval.mean,
        "low": found.interval.low,
        "high": found.interval.high,
        "p_value": found.p_value,
    }


def _ablation(panel: Panel, examples: Examples) -> list[dict[str, Any]]:
    """What the ranking loses when a signal is left out: all are fitted on the same examples, with it and without."""
    whole = figures_of(panel, learned(fit_relevance(examples))(panel))
    rows = []
    for signal in SIGNALS:
        fitted = fit_relevance(examples, without=[signal])
        without = figures_of(panel, learned(fitted)(panel))
        rows.append({"without": signal, **without.summary(), "difference": _difference(without, whole)})
    return rows


def _reliability(panel: Panel, model: RelevanceModel) -> dict[str, Any]:
    log_odds = learned(model)(panel)
    probability, matched = 1.0 / (1.0 + np.exp(-log_odds)), panel.grades > 0
    listed = top_lists(np.where(panel.candidate, log_odds, -np.inf), _LISTED)
    there = listed >= 0
    columns = np.maximum(listed, 0)
    shown = (np.take_along_axis(probability, columns, 1)[there], np.take_along_axis(matched, columns, 1)[there])
    return {
        "all candidates": _as_data(calibration(probability[panel.candidate], matched[panel.candidate])),
        f"first {_LISTED} of each list": _as_data(calibration(*shown)),
    }


def _as_data(found: Calibration) -> dict[str, Any]:
    bins = [{"pairs": one.pairs, "predicted": one.predicted, "matched": one.matched} for one in found.bins]
    return {"expected_error": found.expected_error, "pairs": found.pairs, "bins": bins}


def _by_country(panel: Panel, figures: Figures) -> list[dict[str, Any]]:
    """nDCG@10 by the company's country, and how often each country pair is in a first ten and right."""
    values = figures.by_need["nDCG@10"]
    rows = []
    for country in sorted({need.country for need in panel.needs}):
        chosen = [place for place, need in enumerate(panel.needs) if need.country == country]
        mean = bootstrap_interval(
            [values[panel.needs[place].need_id] for place in chosen], [panel.groups[place] for place in chosen]
        )
        rows.append({"country": country, "needs": len(chosen), "mean": mean.mean, "low": mean.low, "high": mean.high})
    return rows


def country_pairs(panel: Panel, model: RelevanceModel) -> list[dict[str, Any]]:
    """For each pair of company's and provider's country: places in the first ten, and how many of them were right."""
    listed = top_lists(np.where(panel.candidate, learned(model)(panel), -np.inf), _LISTED)
    counts: dict[tuple[str, str], list[int]] = {}
    for row, need in enumerate(panel.needs):
        for column in listed[row][listed[row] >= 0].tolist():
            count = counts.setdefault((need.country, str(panel.provider_countries[column])), [0, 0])
            count[0] += 1
            count[1] += int(panel.grades[row, column] > 0)
    return [
        {"company": home, "provider": abroad, "listed": listed_, "right": right}
        for (home, abroad), (listed_, right) in sorted(counts.items())
    ]
