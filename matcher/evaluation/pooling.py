"""Which pairs a judge is to look at: what any ranker puts first, without saying which one did.

Pooling: Spärck Jones & van Rijsbergen 1975, "Report on the need for and provision of an 'ideal' information retrieval test
collection"; as TREC does it: Voorhees & Harman (eds.) 2005, "TREC: Experiment and Evaluation in Information Retrieval".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from embeddings.errors import Refusal
from matcher.evaluation.measures import Lists, Qrels

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class PooledPair:
    """A need and a provider to be judged for it. Nothing tells who found it, or where on which list."""

    need_id: str
    provider_id: str

    @property
    def pair_id(self) -> str:
        """Twelve hexadecimal digits of the SHA-256 of both ids: the same in every pool, and it gives away if one is altered."""
        both = f"{self.need_id}\0{self.provider_id}".encode()
        # The word before it keeps spreadsheets from reading 12e4567 as a number.
        return f"pair-{hashlib.sha256(both).hexdigest()[:12]}"


def pool(lists_by_ranker: Mapping[str, Lists], depth: int, *, seed: int) -> list[PooledPair]:
    """The first `depth` of every ranker's list of each need, each pair once; needs in random order, pairs of a need together.

    Args:
        lists_by_ranker: the order of rankers and needs makes no difference.
        depth: places of each list that are judged, at least 1.
        seed: of the order; the same lists and seed give the same order.

    Raises:
        Refusal: `depth` is less than 1.
    """
    if depth < 1:
        raise Refusal("depth of the pool", "be at least 1", str(depth), "10 judges what a reader sees first.")
    found: dict[str, set[str]] = {}
    for lists in lists_by_ranker.values():
        for need, listed in lists.items():
            found.setdefault(need, set()).update(listed[:depth])
    generator = np.random.default_rng(seed)
    # Sorted first, so that chance alone decides the order and not who was asked first.
    return [
        PooledPair(need, provider)
        for need in _shuffled(sorted(found), generator)
        for provider in _shuffled(sorted(found[need]), generator)
    ]


def unjudged_share(qrels: Qrels, lists: Lists, k: int) -> float:
    """Share of one ranker's first `k` that nobody judged, mean over the needs of the qrels.

    A need without a list counts as fully unjudged. Where the share is large, or differs between rankers, measures that take
    the unjudged for useless are unfair to the rankers that were not pooled (Zobel, SIGIR 1998).

    Raises:
        Refusal: the qrels hold no need, or `k` is less than 1.
    """
    if k < 1:
        raise Refusal("k of the unjudged share", "be at least 1", str(k), "10 is what a reader sees first.")
    if not qrels:
        raise Refusal("qrels", "hold at least one need", "none", "Judge some pairs first.")
    return sum(_unjudged(qrels[need], lists.get(need, ())[:k]) for need in qrels) / len(qrels)


def _unjudged(judged: Mapping[str, int], first: Sequence[str]) -> float:
    return sum(provider not in judged for provider in first) / len(first) if first else 1.0


def _shuffled(items: Sequence[_Item], generator: np.random.Generator) -> list[_Item]:
    return [items[place] for place in generator.permutation(len(items))]
