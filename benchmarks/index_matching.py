"""A whole match in a large directory, without the encoder, step by step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.index_dense import timed
from benchmarks.made_directory import made_index
from embeddings.encoder import Encoder
from matcher.encoding import EncodedNeed
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.records import MatchRequest

_STEPS = {
    "nearest passages": ("index", "nearest"),
    "products with their sentences": ("index", "products_and_background"),
    "words": ("retrieval", "_lexical"),
    "whom the need names, whom the company knows": ("surveyor", "survey"),
    "odds": ("model", "relevance"),
    "border policy and order": ("ranking", "rank_each"),
    "explanation": ("explanation", "explain_each"),
}


def matching_rows(shipped: ProviderIndex, encoder: Encoder, needs: Sequence[EncodedNeed], passages: int) -> list[list[str]]:
    """Rows of a table: step, median milliseconds; the whole first, without and with a filter."""
    built, index = timed(lambda: made_index(shipped, passages))
    opened, matcher = timed(lambda: build_matcher(index, encoder))
    requests = [MatchRequest(need=one.need) for one in needs]
    filtered = [MatchRequest.model_validate({"need": one.need, "filters": {"countries": ["DK"]}}) for one in needs]
    spent: dict[str, list[float]] = {name: [] for name in _STEPS}
    for name, (part, method) in _STEPS.items():
        _listen(index if part == "index" else getattr(matcher, f"_{part}"), method, spent[name])
    for one, request in zip(needs[:2], requests, strict=False):
        matcher.match_encoded(one, request)
    for times in spent.values():
        times.clear()
    whole = [
        timed(lambda o=one, r=request: matcher.match_encoded(o, r))[0] for one, request in zip(needs, requests, strict=True)
    ]
    steps = [[name, f"{1e3 * float(np.sum(times)) / len(needs):.2f} ms"] for name, times in spent.items()]
    one_country = [timed(lambda o=one, r=r: matcher.match_encoded(o, r))[0] for one, r in zip(needs, filtered, strict=True)]
    size = f"{len(index.passages):,} passages of {len(index):,} providers ({index.dense.kind.factory})"
    return [
        [f"**{size}**", f"{1e3 * float(np.median(whole)):.1f} ms"],
        ["the same, providers of one country", f"{1e3 * float(np.median(one_country)):.1f} ms"],
        *steps,
        ["made and indexed, once", f"{built:.0f} s"],
        ["steps made ready, once", f"{opened:.1f} s"],
    ]


def _listen(owner: Any, method: str, times: list[float]) -> None:
    """Have the method note how long each call takes."""
    original = getattr(owner, method)

    def heard(*args: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return original(*args, **named)
        finally:
            times.append(time.perf_counter() - start)

    object.__setattr__(owner, method, heard)  # also where the owner is frozen
