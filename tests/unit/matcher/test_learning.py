"""The fit is the likelihood's maximum within its bounds: compared with scikit-learn, and with truths that data came from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from matcher.learning import LEAST_MATCHES, Examples, TooLittle, examples_of, fit_relevance
from matcher.relevance import SIGNALS, RelevanceModel
from tests.unit.matcher.simulated import TRUE, simulated

ALONE = RelevanceModel(baseline=-3.0, weights=TRUE.weights)
"""About one pair in five matches where there is no other provider."""


def weights_of(model: RelevanceModel) -> list[float]:
    return [model.weights[name] for name in SIGNALS]


def expected_matches(model: RelevanceModel, examples: Examples) -> np.ndarray:
    log_odds = examples.signals @ np.array(weights_of(model)) + model.baseline + examples.offset
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def test_where_no_bound_is_met_the_fit_is_that_of_scikit_learn() -> None:
    examples = simulated(40, 100, model=ALONE, alone=True).all_pairs
    examples = replace(examples, weight=np.random.default_rng(1).uniform(0.5, 3.0, len(examples)))
    fitted = fit_relevance(examples)
    reference = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    reference.fit(examples.signals, examples.matched, sample_weight=examples.weight)
    assert min(weights_of(fitted)) > 0.1
    assert weights_of(fitted) == pytest.approx(reference.coef_[0], abs=2e-3)
    assert fitted.baseline == pytest.approx(reference.intercept_[0], abs=2e-3)


def test_an_offset_is_what_scikit_learn_finds_as_part_of_its_intercept() -> None:
    examples = simulated(40, 100, model=ALONE, alone=True).all_pairs
    moved = fit_relevance(replace(examples, offset=np.full(len(examples), -np.log(250.0))))
    plain = fit_relevance(examples)
    assert moved.baseline == pytest.approx(plain.baseline + np.log(250.0), abs=1e-4)
    assert weights_of(moved) == pytest.approx(weights_of(plain), abs=1e-4)


def test_the_weights_that_the_data_were_drawn_with_are_found_again() -> None:
    fitted = fit_relevance(simulated(400, 200).all_pairs)
    assert weights_of(fitted) == pytest.approx(weights_of(TRUE), abs=0.2)
    assert fitted.baseline == pytest.approx(TRUE.baseline, abs=0.2)


def test_directories_of_different_sizes_teach_the_same() -> None:
    """A need has a few partners however many providers there are: the offset takes the number out."""
    small, large = simulated(400, 50).all_pairs, simulated(100, 800, seed=1).all_pairs
    assert fit_relevance(small).baseline == pytest.approx(fit_relevance(large).baseline, abs=0.35)


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_signal_that_speaks_against_a_provider_is_worth_nothing(signal: str) -> None:
    harmful = RelevanceModel(baseline=-1.0, weights=TRUE.weights | {signal: -2.0})
    fitted = fit_relevance(simulated(40, 100, model=harmful, alone=True).all_pairs)
    assert fitted.weights[signal] == 0.0
    assert min(weights_of(fitted)) == 0.0


@pytest.mark.parametrize("seed", range(10))
def test_no_weight_is_negative_where_nothing_can_be_learned(seed: int) -> None:
    examples = simulated(10, 100, model=ALONE, alone=True, seed=seed).all_pairs
    by_chance = replace(examples, matched=np.random.default_rng(seed).permutation(examples.matched))
    fitted = fit_relevance(by_chance)
    assert min(weights_of(fitted)) >= 0.0
    assert max(weights_of(fitted)[:2]) < 0.5


def test_a_signal_that_is_left_out_is_worth_nothing_and_the_rest_is_fitted_anew() -> None:
    examples = simulated(100, 100).all_pairs
    fitted = fit_relevance(examples, without=["text"])
    assert fitted.weights["text"] == 0.0
    assert fitted.baseline > fit_relevance(examples).baseline + 0.5


def test_a_signal_that_never_varies_is_harmless() -> None:
    examples = simulated(40, 100, model=ALONE, alone=True).all_pairs
    examples.signals[:, 5] = 0.0
    fitted = fit_relevance(examples)
    assert np.isfinite([fitted.baseline, *weights_of(fitted)]).all()


def test_a_sample_of_the_others_stands_for_all_of_them() -> None:
    world = simulated(200, 600)
    sample = examples_of(world.signals, world.everyone, world.matched, world.providers, others=60)
    assert sample.matched.sum() == world.matched.sum()
    assert sample.weight.sum() == pytest.approx(world.matched.size)
    assert len(sample) < world.matched.size / 6
    whole = world.all_pairs
    matches = world.matched.sum()
    calibrated = expected_matches(fit_relevance(sample), whole).sum()
    assert calibrated == pytest.approx(matches, rel=0.1)
    # Were each of the sample one pair, the model would expect several times as many.
    unweighted = fit_relevance(replace(sample, weight=np.ones(len(sample))))
    assert expected_matches(unweighted, whole).sum() > 3 * matches


def test_only_candidates_are_examples() -> None:
    world = simulated(20, 50)
    candidate = world.everyone
    candidate[:, ::2] = False
    examples = examples_of(world.signals, candidate, world.matched, world.providers)
    assert len(examples) == 20 * 25
    assert examples.matched.sum() == world.matched[:, 1::2].sum()
    assert examples.offset.tolist() == pytest.approx([-np.log(50.0)] * 500)


def test_fitting_twice_gives_the_same_bytes() -> None:
    world = simulated(50, 200)

    def artefact(seed: int) -> str:
        examples = examples_of(world.signals, world.everyone, world.matched, world.providers, others=40, seed=seed)
        return fit_relevance(examples, fitted_on={"data": "simulated"}).as_json

    assert artefact(0) == artefact(0)
    assert artefact(0) != artefact(1)


def with_matches(count: int) -> Examples:
    examples = simulated(20, 50, model=ALONE, alone=True).all_pairs
    return replace(examples, matched=np.arange(len(examples)) < count)


def test_too_few_matches_are_refused_with_their_number() -> None:
    assert fit_relevance(with_matches(LEAST_MATCHES)).baseline
    with pytest.raises(TooLittle) as caught:
        fit_relevance(with_matches(LEAST_MATCHES - 1))
    assert str(caught.value) == (
        "The data to learn from must hold at least 100 matches, and others. Got 99 matches among 1000 pairs. "
        "Collect more first."
    )


def test_nothing_can_be_learned_from_matches_alone() -> None:
    with pytest.raises(TooLittle, match=r"1000 matches among 1000 pairs"):
        fit_relevance(with_matches(1000))


def test_where_the_examples_come_from_is_kept() -> None:
    given = {"data": "simulated"}
    fitted = fit_relevance(simulated(40, 100).all_pairs, fitted_on=given)
    given["data"] = "changed later"
    assert fitted.fitted_on == {"data": "simulated"}
