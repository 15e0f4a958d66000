"""Whether a figure got worse since the last kept run, by more than the noise."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.peers.kept import changes, keep, last_kept, spread, verdict
from embeddings.errors import Refusal


def test_equal_values_have_no_spread() -> None:
    assert spread([2.0, 2.0, 2.0]) == 0.0


def test_the_spread_of_a_few_values_is_half_the_distance_between_the_extremes() -> None:
    assert spread([9.0, 10.0, 11.0]) == pytest.approx(0.1)


def test_one_stray_value_of_many_does_not_widen_the_spread() -> None:
    assert spread([10.0, 10.0, 10.0, 10.0, 500.0]) == 0.0


@pytest.mark.parametrize("values", [[], [1.0, 0.0], [-1.0]])
def test_what_was_not_measured_has_no_spread(values: list[float]) -> None:
    with pytest.raises(Refusal, match="have positive values"):
        spread(values)


def test_a_longer_time_is_worse() -> None:
    (change,) = changes({"need": [1.0, 1.0]}, {"need": [1.2, 1.2]}, {})
    assert change.worse
    assert change.ratio == pytest.approx(1.2)


def test_a_shorter_time_is_not_worse() -> None:
    (change,) = changes({"need": [1.0, 1.0]}, {"need": [0.5, 0.5]}, {})
    assert not change.worse


def test_a_lower_rate_is_worse_where_more_is_better() -> None:
    (change,) = changes({"rate": [100.0]}, {"rate": [80.0]}, {"rate": "more"})
    assert change.worse


def test_a_higher_rate_is_not_worse_where_more_is_better() -> None:
    (change,) = changes({"rate": [100.0]}, {"rate": [180.0]}, {"rate": "more"})
    assert not change.worse


def test_a_difference_within_both_spreads_together_is_noise() -> None:
    (change,) = changes({"need": [0.9, 1.0, 1.1]}, {"need": [1.03, 1.15, 1.27]}, {})
    assert not change.worse


def test_a_difference_below_five_per_cent_is_noise_however_steady_the_runs() -> None:
    (change,) = changes({"need": [1.0]}, {"need": [1.04]}, {})
    assert not change.worse


def test_a_figure_that_only_one_run_has_is_not_compared() -> None:
    assert changes({"old": [1.0]}, {"new": [1.0]}, {}) == []


def test_a_kept_run_is_read_back(tmp_path: Path) -> None:
    keep("peers", "a machine", {"need": [0.12345, 2.0]}, tmp_path)
    assert last_kept("peers", tmp_path) == {"need": [0.1235, 2.0]} or last_kept("peers", tmp_path) == {"need": [0.1234, 2.0]}


def test_keeping_again_replaces_the_last_run(tmp_path: Path) -> None:
    keep("peers", "", {"need": [1.0]}, tmp_path)
    keep("peers", "", {"other": [2.0]}, tmp_path)
    assert last_kept("peers", tmp_path) == {"other": [2.0]}


def test_without_a_kept_run_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert verdict("peers", {"need": [1.0]}, {}, tmp_path) == "No earlier run was kept to compare with."


def test_a_file_that_is_no_kept_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "peers.json").write_text("[]")
    with pytest.raises(Refusal, match="be JSON with figures"):
        last_kept("peers", tmp_path)


def test_the_verdict_names_what_got_worse_and_nothing_else(tmp_path: Path) -> None:
    keep("peers", "", {"need": [1.0], "search": [1.0]}, tmp_path)
    told = verdict("peers", {"need": [2.0], "search": [1.0]}, {}, tmp_path)
    assert "need: 2.00 times" in told
    assert "search" not in told


def test_the_verdict_says_so_where_nothing_got_worse(tmp_path: Path) -> None:
    keep("peers", "", {"need": [1.0]}, tmp_path)
    assert "none of 1 figures got worse" in verdict("peers", {"need": [1.0]}, {}, tmp_path)
