"""What becomes of lists when passages' vectors come another way than the needs'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder
from embeddings.encoder import Vectors
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.records import MatchRequest, Need

FIRST = 10


@dataclass(frozen=True)
class GivenPassages:
    """Needs are encoded as ever; passages have the vectors that were made for them."""

    encoder: CachedEncoder
    made: dict[str, Vectors]

    @property
    def dim(self) -> int:
        """Numbers in one vector."""
        return BundledE5.dim

    @property
    def fingerprint(self) -> str:
        """That of the bundled encoder: it is asked here whether others may have it."""
        return self.encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return self.encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Those that were made."""
        return np.stack([self.made[text] for text in texts])


@dataclass(frozen=True)
class Lists:
    """The lists of many needs by one way to encode passages."""

    providers: list[list[str]]
    """By need, the whole list in order."""
    scores: list[dict[str, float]]

    def beside(self, usual: Lists) -> Difference:
        """What differs from the usual lists."""
        first = [(set(a[:FIRST]), set(b[:FIRST])) for a, b in zip(self.providers, usual.providers, strict=True)]
        pairs = list(zip(self.providers, usual.providers, strict=True))
        moved = [
            abs(score - theirs[who])
            for ours, theirs in zip(self.scores, usual.scores, strict=True)
            for who, score in ours.items()
            if who in theirs
        ]
        return Difference(
            needs=len(pairs),
            same_ten=sum(a[:FIRST] == b[:FIRST] for a, b in pairs),
            same_first=sum(a[:1] == b[:1] for a, b in pairs),
            overlap=float(np.mean([len(a & b) / max(1, len(b)) for a, b in first])),
            moved=max(moved, default=0.0),
        )


@dataclass(frozen=True)
class Difference:
    """Between two ways' lists of the same needs."""

    needs: int
    same_ten: int
    """Needs whose first ten are the same in the same order."""
    same_first: int
    overlap: float
    """Share of the first ten that both have, in the mean."""
    moved: float
    """By which a score of a listed provider differs at the most, in log-odds."""


def lists(directory: Directory, encoder: CachedEncoder, made: dict[str, Vectors], needs: Sequence[Need]) -> Lists:
    """The lists of those needs.

    Args:
        directory: whose passages all have a vector in `made`.
        encoder: of needs; keeps them, so that ways after the first find them there.
        made: text → vector.
        needs: asked one by one under the default policy.
    """
    given = GivenPassages(encoder, made)
    matcher = build_matcher(ProviderIndex.build(directory, given), given)
    answers = [matcher.match(MatchRequest(need=need, k=FIRST)) for need in needs]
    return Lists(
        [[match.provider_id for match in answer.matches] for answer in answers],
        [{match.provider_id: match.score for match in answer.matches} for answer in answers],
    )
