from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.retrieval import Retrieval
from tests.fakes import FakeEncoder, evidence, need, provider
from tests.property.worlds import WORDS, need_texts

titles = st.lists(st.sampled_from(WORDS[:10]), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=25)
@given(shared=st.lists(titles, max_size=7), more=st.lists(titles, min_size=1, max_size=7), text=need_texts())
def test_whoever_has_the_same_evidence_and_more_is_never_less_relevant(shared: list[str], more: list[str], text: str) -> None:
    providers = tuple(provider(key, "DE", "lung vaccine", name="Same") for key in ("less", "more"))
    items = [evidence(f"{key}-{place}", key, title) for key in ("less", "more") for place, title in enumerate(shared)]
    items += [evidence(f"more-more-{place}", "more", title) for place, title in enumerate(more)]
    index = ProviderIndex.build(Directory(providers, tuple(items)), FakeEncoder())
    parts = build_matcher(index, FakeEncoder()).encode(need(text=text)).parts
    everyone = np.ones(2, dtype=np.bool_)
    found = Retrieval(index).retrieve(parts.apart, text, "en", everyone)
    less, greater = found.semantic + found.lexical
    assert greater >= less - 1e-5
    assert found.pieces[1] > found.pieces[0]
