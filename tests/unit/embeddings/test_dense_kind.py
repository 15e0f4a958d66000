from __future__ import annotations

import re

import numpy as np
import pytest

from embeddings.dense import DenseConfig, DenseIndex, DenseKind, choose_kind


def test_the_shipped_directory_is_searched_exactly() -> None:
    kind = choose_kind(6_000, 384)
    assert kind == DenseKind("Flat", "exact: 6,000 vectors are at most 100,000")
    assert kind.is_exact


def test_exact_up_to_the_limit_itself_and_inverted_lists_one_above() -> None:
    config = DenseConfig(exact_up_to=1_000)
    assert choose_kind(1_000, 8, config).is_exact
    above = choose_kind(1_001, 8, config)
    assert above.factory == "IVF63,PQ4x4fsr"
    assert above.why == "inverted lists, four bits for two numbers: 1,001 vectors are over 1,000"
    assert not above.is_exact


def test_numbers_that_are_no_pairs_are_coded_one_by_one() -> None:
    kind = choose_kind(10_000, 17, DenseConfig(exact_up_to=100))
    assert kind.factory == "IVF200,SQ8"
    assert "of 17 numbers, which are no pairs" in kind.why


@pytest.mark.parametrize(
    ("count", "ending", "reason"),
    [
        (100_000, "Flat", "exact: 100,000 vectors are at most 100,000"),
        (100_001, ",PQ192x4fsr", "100,001 vectors are over 100,000"),
        (1_000_000, ",PQ192x4fsr", "four bits for two numbers"),
    ],
)
def test_the_default_limits_and_their_reasons(count: int, ending: str, reason: str) -> None:
    kind = choose_kind(count, 384)
    assert kind.factory.endswith(ending)
    assert reason in kind.why


def test_the_number_of_lists_grows_with_the_root_of_the_count() -> None:
    (lists,) = re.findall(r"IVF(\d+),", choose_kind(1_000_000, 384).factory)
    assert int(lists) == 2_000


def test_an_index_is_built_as_chosen_and_says_why() -> None:
    rows = np.eye(8, dtype=np.float32)
    assert DenseIndex.build(rows).kind == choose_kind(8, 8)
    config = DenseConfig(exact_up_to=799)
    many = np.random.default_rng(0).standard_normal((3_000, 8)).astype(np.float32)
    chosen = DenseIndex.build(many, config)
    assert chosen.kind == choose_kind(3_000, 8, config)
    assert chosen.kind.factory == "IVF109,PQ4x4fsr"
