"""What a build says about its vectors, and that an inexact one opens as it was saved."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from embeddings.dense import DenseConfig
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from tests.fakes import FakeEncoder, provider, request

WORDS = ("lung", "vaccine", "capital", "patent", "bridge", "wine", "sail", "garden")
INEXACT = DenseConfig(exact_up_to=100, exact_below_kept=0)


@cache
def inexact_index() -> ProviderIndex:
    texts = [f"{WORDS[n % 8]} {WORDS[n // 8 % 8]} number{n} studies" for n in range(640)]
    providers = tuple(provider(f"p{n:03}", "NL" if n % 3 else "DE", text) for n, text in enumerate(texts))
    return ProviderIndex.build(Directory(providers, ()), FakeEncoder(), config=INEXACT)


def test_the_recall_of_an_inexact_index_is_measured_when_it_is_built() -> None:
    facts = inexact_index().facts
    assert facts["dense"]["factory"].startswith("IVF")
    listed, looked_at = facts["dense_recall"]
    assert (listed["k"], looked_at["k"]) == (10, 640)
    assert 0.9 <= listed["everything_allowed"] <= 1.0
    assert looked_at["everything_allowed"] == looked_at["a_tenth_allowed"] == 1.0
    assert listed["queries"] > 50
    assert facts["dense_code_bytes"] == 640 * (FakeEncoder.dim // 4 + 8)


def test_an_exact_index_has_nothing_to_measure(small_index: ProviderIndex) -> None:
    assert "dense_recall" not in small_index.facts
    assert small_index.facts["dense_bytes"] == 4 * 11 * FakeEncoder.dim
    assert small_index.facts["lexical_bytes"] > 0


def test_an_inexact_index_opens_as_it_was_saved(tmp_path: Path) -> None:
    index = inexact_index()
    index.save(tmp_path)
    again = ProviderIndex.open(tmp_path, FakeEncoder())
    assert again.dense.kind == index.dense.kind
    one, other = (build_matcher(each, FakeEncoder()).match(request()) for each in (index, again))
    assert one.model_dump() == other.model_dump()


def test_vectors_that_lie_elsewhere_are_not_saved_as_files(tmp_path: Path, small_index: ProviderIndex) -> None:
    from embeddings.growing import GrowingIndex

    dense = GrowingIndex(None, FakeEncoder.dim)
    dense.add(small_index.vectors(small_index.owner[:0]))
    elsewhere = object.__new__(ProviderIndex)
    elsewhere.dense = dense
    with pytest.raises(TypeError, match=r"must be one in files to be saved\. Got GrowingIndex\."):
        elsewhere.save(tmp_path)
    assert not list(tmp_path.iterdir())
