from __future__ import annotations

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.evaluation import statistics
from matcher.evaluation.statistics import Interval, bootstrap_interval, paired_difference

VALUES = [0.1, 0.9, 0.4, 0.4, 0.7, 0.2, 0.6, 0.8]


def test_the_interval_holds_the_mean_and_lies_within_the_values() -> None:
    found = bootstrap_interval(VALUES)
    assert found.mean == pytest.approx(np.mean(VALUES))
    assert min(VALUES) < found.low < found.mean < found.high < max(VALUES)


def test_the_interval_is_about_that_of_the_normal_approximation() -> None:
    values = np.random.default_rng(1).normal(size=400)
    found = bootstrap_interval(values)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - half, abs=0.01)
    assert found.high == pytest.approx(values.mean() + half, abs=0.01)


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    assert bootstrap_interval(VALUES, seed=3) == bootstrap_interval(VALUES, seed=3)
    values = np.random.default_rng(0).normal(size=50)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)
    assert paired_difference(values, values[::-1], seed=3) == paired_difference(values, values[::-1], seed=3)


def test_needs_of_a_group_are_drawn_together() -> None:
    """Ten copies of each of eight needs say no more than the eight; taken apart they seem to."""
    values, groups = VALUES * 10, [str(number) for number in range(len(VALUES))] * 10
    together, apart = bootstrap_interval(values, groups), bootstrap_interval(values)
    alone = bootstrap_interval(VALUES, [str(number) for number in range(len(VALUES))])
    assert (together.low, together.high) == pytest.approx((alone.low, alone.high))
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_the_mean_is_over_needs_not_over_groups() -> None:
    assert bootstrap_interval([1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"]).mean == 0.75


def test_groups_of_one_are_no_groups_and_a_single_group_has_no_interval() -> None:
    assert bootstrap_interval(VALUES, [str(number) for number in range(8)]) == bootstrap_interval(VALUES)
    single = bootstrap_interval(VALUES, ["one"] * 8)
    assert (single.low, single.high) == (single.mean, single.mean)


def test_values_that_are_all_alike_have_an_interval_of_no_width() -> None:
    assert bootstrap_interval([0.5] * 5) == Interval(0.5, 0.5, 0.5)


def test_an_interval_is_printed_with_three_digits() -> None:
    assert str(Interval(0.12345, 0.1, 0.2)) == "0.123 (0.100–0.200)"


def test_what_is_drawn_piece_by_piece_is_the_same_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap_interval(VALUES), paired_difference(VALUES, VALUES[::-1])
    monkeypatch.setattr(statistics, "_AT_ONCE", 8 * 333)
    pieces = bootstrap_interval(VALUES), paired_difference(VALUES, VALUES[::-1])
    assert (pieces[0].low, pieces[0].high) == pytest.approx((whole[0].low, whole[0].high), abs=0.01)
    assert pieces[1].p_value == pytest.approx(whole[1].p_value, abs=0.02)


def test_the_sign_of_a_difference_says_which_is_better() -> None:
    better = paired_difference(np.array(VALUES) + 0.1, VALUES)
    worse = paired_difference(VALUES, np.array(VALUES) + 0.1)
    assert better.interval.mean == pytest.approx(0.1)
    assert worse.interval.mean == pytest.approx(-0.1)
    assert better.p_value == pytest.approx(worse.p_value)


def test_p_of_a_steady_difference_is_about_that_of_the_sign_test() -> None:
    """All eight differ alike: only the two arrangements with equal signs are as large."""
    found = paired_difference(np.array(VALUES) + 0.1, VALUES)
    assert found.p_value == pytest.approx(2 / 2**8, abs=0.003)


def test_p_of_a_difference_on_thirty_needs_is_small_but_never_zero() -> None:
    assert paired_difference([1.0] * 30, [0.0] * 30).p_value == 1 / 10_001


def test_p_of_no_difference_is_one() -> None:
    assert paired_difference(VALUES, VALUES).p_value == 1.0
    assert paired_difference([0.3, 0.1, 0.2], [0.1, 0.2, 0.3]).p_value == 1.0


def test_p_lies_between_its_bounds_for_random_rankers() -> None:
    generator = np.random.default_rng(5)
    for _ in range(20):
        one, other = generator.random((2, 12))
        found = paired_difference(one, other)
        assert 1 / 10_001 <= found.p_value <= 1
        assert found.interval.low <= found.interval.mean <= found.interval.high


def test_needs_of_a_group_turn_together() -> None:
    """Twelve needs of one project are one piece of news, so no difference on them can be a sure one."""
    one, other = [1.0] * 12, [0.0] * 12
    assert paired_difference(one, other, ["one"] * 12).p_value == 1.0
    assert paired_difference(one, other).p_value < 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "The values of a mean must be one a need, at least one. Got none."),
        (([0.5, float("nan")],), "The values of a mean must be finite numbers. Got nan at place 2."),
        (([0.5, 0.1], ["a"]), "The groups of the values must be one a value, 2. Got 1."),
    ],
)
def test_values_that_have_no_mean_are_refused(arguments: tuple[list[float]], message: str) -> None:
    with pytest.raises(Refusal) as caught:
        bootstrap_interval(*arguments)
    assert str(caught.value).startswith(message)


def test_rankers_measured_on_different_needs_are_refused() -> None:
    with pytest.raises(Refusal, match=r"be of the same needs on both sides\. Got 2 and 1\."):
        paired_difference([0.1, 0.2], [0.1])
    with pytest.raises(Refusal, match="at least one"):
        paired_difference([], [])
