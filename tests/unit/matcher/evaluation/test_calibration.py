from __future__ import annotations

import numpy as np
import pytest

from embeddings.errors import Refusal
from matcher.evaluation.calibration import calibration


def test_what_comes_true_as_often_as_said_has_no_error() -> None:
    probability = np.repeat([0.25, 0.75], 4)
    found = calibration(probability, np.array([1, 0, 0, 0, 1, 1, 1, 0], dtype=bool), bins=2)
    assert found.expected_error == 0.0
    assert [(one.pairs, one.predicted, one.matched) for one in found.bins] == [(4, 0.25, 0.25), (4, 0.75, 0.75)]


def test_the_error_is_the_mean_distance_weighted_by_pairs() -> None:
    found = calibration(np.array([0.1, 0.1, 0.9]), np.array([True, False, True]), bins=2)
    assert found.expected_error == pytest.approx((2 * 0.4 + 1 * 0.1) / 3)
    assert found.pairs == 3


def test_there_are_never_more_bins_than_pairs() -> None:
    assert len(calibration(np.array([0.2, 0.3]), np.array([False, True])).bins) == 2


@pytest.mark.parametrize(("probability", "matched"), [([], []), ([0.5], [True, False])])
def test_nothing_or_unequal_numbers_are_refused(probability: list[float], matched: list[bool]) -> None:
    with pytest.raises(Refusal, match="must be as many"):
        calibration(np.array(probability), np.array(matched, dtype=bool))
