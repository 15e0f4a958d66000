from __future__ import annotations

import numpy as np
import pytest

from matcher.evaluation.curves import BETAS, FLOORS, border_curve, experience_curve
from matcher.evaluation.figures import figures_of
from matcher.evaluation.panel import Panel, observe
from matcher.evaluation.rankers import BASELINES, EXPERIENCE, learned
from matcher.index import ProviderIndex
from matcher.relevance import SIGNALS, RelevanceModel
from tests.fakes import FakeEncoder
from tests.unit.matcher.evaluation.past_projects import small_benchmark

MODEL = RelevanceModel(-1.0, dict.fromkeys(SIGNALS, 1.0))


@pytest.fixture(scope="module")
def panel() -> Panel:
    benchmark = small_benchmark()
    return observe(benchmark, ProviderIndex.build(benchmark.directory, FakeEncoder()), FakeEncoder()).answered()


def test_the_more_foreign_ones_are_favoured_the_more_there_are(panel: Panel) -> None:
    points = border_curve(panel, MODEL)
    shares = [point["cross-border share@10"]["mean"] for point in points if point["kind"] in ("neutral", "favour")]
    assert len(shares) == len(BETAS)
    assert shares == sorted(shares)
    assert points[0]["name"] == "neutral"


def test_require_lists_only_foreign_ones_and_the_floors_are_points(panel: Panel) -> None:
    points = {point["kind"]: point for point in border_curve(panel, MODEL)}
    assert points["require"]["cross-border share@10"]["mean"] == 1.0
    assert sum(point["kind"] == "floor" for point in border_curve(panel, MODEL)) == len(FLOORS)


def test_neutral_and_floor_hold_the_same_providers_where_all_fit_on_the_list(panel: Panel) -> None:
    points = border_curve(panel, MODEL)
    neutral, floor = points[0], points[-1]
    assert neutral["Recall@10"] == floor["Recall@10"]


def test_experience_that_does_not_count_changes_no_order_by_itself(panel: Panel) -> None:
    without = learned(MODEL, experience_counts=0.0)(panel)
    with_it = learned(MODEL, experience_counts=1.0)(panel)
    shift = with_it - without - panel.signals[..., EXPERIENCE]
    assert np.allclose(shift, shift[0, 0], atol=1e-5)
    assert experience_curve(panel, MODEL)[0]["setting"] == 0.0


def test_every_baseline_ranks_every_need(panel: Panel) -> None:
    for ranker in BASELINES.values():
        figures = figures_of(panel, ranker(panel))
        assert list(figures.by_need["nDCG@10"]) == ["n1", "n2"]
        assert 0 < figures.interval("Recall@50").mean <= 1


def test_figures_know_the_right_one_on_top() -> None:
    benchmark = small_benchmark()
    panel = observe(benchmark, ProviderIndex.build(benchmark.directory, FakeEncoder()), FakeEncoder()).across_the_border()
    figures = figures_of(panel, (panel.grades > 0).astype(float))
    assert figures.by_need["nDCG@10"] == {"n1": 1.0, "n2": 1.0}
    assert figures.by_need["cross-border share@10"] == {"n1": 1.0, "n2": 1.0}
    assert figures.over_all["catalogue coverage"] == 1.0
