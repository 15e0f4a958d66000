from __future__ import annotations

import re

import numpy as np
import pytest

from embeddings.dense import DenseConfig, DenseIndex, DenseKind, choose_kind


def test_the_shipped_directory_is_searched_exactly() -> None:
    kind = choose_kind(6_000, 384)
    assert kind == DenseKind("Flat", "exact: 6,000 vectors are at most 200,000")


def test_exact_up_to_the_limit_itself_and_inverted_lists_one_above() -> None:
    config = DenseConfig(exact_up_to=1_000)
    assert choose_kind(1_000, 8, config).factory == "Flat"
    above = choose_kind(1_001, 8, config)
    assert above.factory == "IVF126,Flat"
    assert above.why == "inverted lists: 1,001 vectors are over 1,000; 0.0 GB of vectors fit"


def test_compressed_one_byte_above_the_memory() -> None:
    count, dim = 10_000, 16
    needed = 4 * count * dim
    fits = choose_kind(count, dim, DenseConfig(exact_up_to=100, memory_bytes=needed))
    too_much = choose_kind(count, dim, DenseConfig(exact_up_to=100, memory_bytes=needed - 1))
    assert (fits.factory, too_much.factory) == ("IVF400,Flat", "IVF400,SQ8")
    assert "over the memory allowed" in too_much.why


def test_few_vectors_that_do_not_fit_are_compressed_too() -> None:
    assert choose_kind(400, 384, DenseConfig(memory_bytes=1_000)).factory == "IVF80,SQ8"


@pytest.mark.parametrize(
    ("count", "ending", "reason"),
    [
        (200_000, "Flat", "exact: 200,000 vectors are at most 200,000"),
        (200_001, ",Flat", "over 200,000; 0.3 GB of vectors fit"),
        (1_302_083, ",Flat", "2.0 GB of vectors fit"),
        (1_302_084, ",SQ8", "2.0 GB of vectors are over the memory allowed"),
    ],
)
def test_the_default_limits_and_their_reasons(count: int, ending: str, reason: str) -> None:
    kind = choose_kind(count, 384)
    assert kind.factory.endswith(ending)
    assert reason in kind.why


def test_the_number_of_lists_grows_with_the_root_of_the_count() -> None:
    (lists,) = re.findall(r"IVF(\d+),", choose_kind(1_000_000, 384).factory)
    assert int(lists) == 4_000


def test_an_index_is_built_as_chosen_and_says_why() -> None:
    rows = np.eye(8, dtype=np.float32)
    assert DenseIndex.build(rows).kind == choose_kind(8, 8)
    config = DenseConfig(exact_up_to=63)
    many = np.random.default_rng(0).standard_normal((64, 8)).astype(np.float32)
    chosen = DenseIndex.build(many, config)
    assert chosen.kind == choose_kind(64, 8, config)
    assert chosen.kind.factory == "IVF32,Flat"
