"""What is to be judged does not depend on who found it, and what was judged comes back from its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.directory import Directory
from matcher.evaluation.judging_sheet import read_sheet, write_sheet
from matcher.evaluation.pooling import PooledPair, pool
from matcher.evaluation.qrels import read_qrels, write_qrels
from tests.fakes import need, provider

names = st.sampled_from("abcdefgh")
lists_of_rankers = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), st.dictionaries(names, st.lists(names, unique=True, max_size=8))
)
# A byte order mark would be one only at the beginning of a file.
ids = st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\0"), min_size=1, max_size=20).filter(
    lambda text: text.split() == [text]
)
# Ids like formulas, too, which a sheet must not run.
awkward_ids = st.tuples(st.sampled_from(["", "=", "'", "'=", "''@", "-", "+"]), ids.filter(str.isprintable)).map("".join)


@given(lists=lists_of_rankers, depth=st.integers(1, 9), seed=st.integers(0, 5))
def test_the_pool_is_every_first_place_once_whatever_the_order_of_rankers_and_needs(
    lists: Mapping[str, Mapping[str, list[str]]], depth: int, seed: int
) -> None:
    turned = {ranker: dict(reversed(of_needs.items())) for ranker, of_needs in reversed(lists.items())}
    pairs = pool(lists, depth, seed=seed)
    assert pairs == pool(turned, depth, seed=seed)
    assert len(pairs) == len(set(pairs))
    first = {(need_id, one) for of_needs in lists.values() for need_id, listed in of_needs.items() for one in listed[:depth]}
    assert {(pair.need_id, pair.provider_id) for pair in pairs} == first


@given(lists=lists_of_rankers, seed=st.integers(0, 5))
def test_who_found_a_provider_and_where_it_stood_make_no_difference(
    lists: Mapping[str, Mapping[str, list[str]]], seed: int
) -> None:
    merged: dict[str, list[str]] = {}
    for of_needs in lists.values():
        for need_id, listed in of_needs.items():
            merged[need_id] = sorted({*merged.get(need_id, []), *listed}, reverse=True)
    assert pool(lists, 8, seed=seed) == pool({"another": merged}, 8, seed=seed)


@given(qrels=st.dictionaries(ids, st.dictionaries(ids, st.integers(0, 3), min_size=1), min_size=1))
def test_qrels_that_are_written_come_back(tmp_path_factory: pytest.TempPathFactory, qrels: dict[str, dict[str, int]]) -> None:
    file = tmp_path_factory.mktemp("qrels") / "q"
    write_qrels(file, qrels)
    assert read_qrels(file) == qrels


@given(need_id=awkward_ids, provider_id=awkward_ids, form=st.sampled_from([".csv", ".xlsx"]))
@settings(max_examples=60)
def test_every_id_comes_back_from_a_sheet(
    tmp_path_factory: pytest.TempPathFactory, need_id: str, provider_id: str, form: str
) -> None:
    file: Path = tmp_path_factory.mktemp("sheet") / f"sheet{form}"
    one = provider(provider_id, "NL", "")
    write_sheet(file, [PooledPair(need_id, provider_id)], {need_id: need()}, Directory((one,), ()))
    assert read_sheet(file) == {}
