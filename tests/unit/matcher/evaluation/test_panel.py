from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from matcher.errors import BenchmarkRefused
from matcher.evaluation.panel import PLAIN, Panel, observe
from matcher.index import ProviderIndex
from matcher.relevance import SIGNALS
from tests.fakes import FakeEncoder
from tests.unit.matcher.evaluation.past_projects import small_benchmark


@pytest.fixture(scope="module")
def panel() -> Panel:
    benchmark = small_benchmark()
    return observe(benchmark, ProviderIndex.build(benchmark.directory, FakeEncoder()), FakeEncoder())


def names(panel: Panel, mask: np.ndarray) -> list[list[str]]:
    return [[panel.providers[column] for column in np.flatnonzero(row)] for row in mask]


def signal(panel: Panel, name: str, need: int) -> dict[str, float]:
    values = panel.signals[need, :, list(SIGNALS).index(name)]
    return {
        key: float(value) for key, value, there in zip(panel.providers, values, panel.candidate[need], strict=True) if there
    }


def test_candidates_had_evidence_by_then_and_are_not_the_company(panel: Panel) -> None:
    assert names(panel, panel.candidate) == [["home", "lung", "old"], ["home", "late", "lung", "old"], []]
    assert panel.providers_then.tolist() == [3, 4, 0]


def test_only_known_matches_that_could_be_found_are_graded(panel: Panel) -> None:
    assert names(panel, panel.grades > 0) == [["home", "lung"], ["home", "late"], []]


def test_experience_is_what_there_was_then(panel: Panel) -> None:
    assert signal(panel, "experience", 0) == pytest.approx(dict.fromkeys(("home", "lung", "old"), np.log(2)))
    # The fourth project of `lung` began a month after the second need.
    assert signal(panel, "experience", 1)["lung"] == pytest.approx(np.log(2))


def test_acquaintance_is_an_earlier_project_with_the_company(panel: Panel) -> None:
    assert signal(panel, "acquainted", 0) == pytest.approx({"home": 0.0, "lung": 0.0, "old": np.log(2)})


def test_no_signal_of_a_need_changes_when_later_evidence_is_taken_away(panel: Panel) -> None:
    benchmark = small_benchmark()
    day = dt.date(2023, 6, 1)
    earlier = tuple(item for item in benchmark.directory.evidence if item.date is not None and item.date < day)
    poorer = type(benchmark.directory)(benchmark.directory.providers, earlier)
    index = ProviderIndex.build(poorer, FakeEncoder())
    found = observe(type(benchmark)(**{**vars(benchmark), "directory": poorer}), index, FakeEncoder())
    # All but `text` exactly; that one leans on how rare words are in the whole index.
    rest = [place for place, name in enumerate(SIGNALS) if name != "text"]
    assert np.array_equal(found.signals[0][:, rest], panel.signals[0][:, rest])
    assert np.array_equal(found.candidate[0], panel.candidate[0])


def test_across_the_border_only_foreign_candidates_count(panel: Panel) -> None:
    narrowed = panel.across_the_border()
    assert [need.need_id for need in narrowed.needs] == ["n1", "n2"]
    assert names(narrowed, narrowed.candidate) == [["lung", "old"], ["late", "lung", "old"]]
    assert names(narrowed, narrowed.grades > 0) == [["lung"], ["late"]]
    assert narrowed.groups == ("g1", "g2")


def test_needs_that_nothing_answers_are_left_out_where_asked(panel: Panel) -> None:
    assert [need.need_id for need in panel.answered().needs] == ["n1", "n2"]


def test_plain_scores_are_there_for_candidates_only(panel: Panel) -> None:
    assert set(panel.plain) == set(PLAIN)
    for scores in panel.plain.values():
        assert np.array_equal(scores > -np.inf, panel.candidate)
    best = {key: panel.plain["best_dense"][0][panel.providers.index(key)] for key in ("lung", "old")}
    assert best["lung"] == pytest.approx(1.0, abs=1e-5)
    assert best["old"] < 0.5


def test_a_benchmark_whose_evidence_is_later_than_every_need_is_refused() -> None:
    benchmark = small_benchmark()
    early = dataclasses.replace(benchmark, needs=benchmark.needs[2:])
    with pytest.raises(BenchmarkRefused, match=r"must begin before the last need was put, 2022-01-01\. Got 2023-01-01"):
        observe(early, ProviderIndex.build(early.directory, FakeEncoder()), FakeEncoder())
