"""As many vectors as one likes that lie as real ones do: passages of the shipped directory, moved a little.

A made vector is a real passage's plus a difference between two real neighbours, drawn from the covariance of all such
differences. Plain noise would be wrong: spread over 384 directions it makes neighbours that no search could tell apart,
while real texts differ in few directions. Queries are the sample needs in all their languages, as a match searches for
them, and not more passages: needs lie elsewhere than passages, which is harder for inverted lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors
from matcher.index import ProviderIndex
from matcher.shipped import shipped_needs_in_all_languages

_AT_ONCE = 50_000


@dataclass(frozen=True)
class RealVectors:
    """What is made is made of these."""

    passages: Vectors
    differences: Vectors
    """`(dim, dim)` lower triangle: times plain noise, it gives differences like those between real neighbours."""

    @classmethod
    def of(cls, passages: Vectors) -> RealVectors:
        """Find each passage's nearest other and the covariance of the differences."""
        alike = passages @ passages.T
        np.fill_diagonal(alike, -1.0)
        nearest = alike.argmax(axis=1)
        # Two records of one project have the same text and no difference.
        told_apart = alike[np.arange(len(passages)), nearest] < 0.9999
        apart = (passages - passages[nearest])[told_apart].astype(np.float64)
        covariance = apart.T @ apart / len(apart)
        triangle = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance)))
        return cls(passages, triangle.astype(np.float32))

    def made(self, count: int, seed: int = 1) -> Vectors:
        """`(count, dim)` float32 of unit length, each of a real passage drawn by chance."""
        return self.made_of(np.random.default_rng(seed + 1).integers(0, len(self.passages), count), seed)

    def made_of(self, origin: NDArray[np.int64], seed: int = 1) -> Vectors:
        """`(len(origin), dim)` as `made`, each of the real passage in that row."""
        count = len(origin)
        vectors = np.empty((count, self.passages.shape[1]), dtype=np.float32)
        rng = np.random.default_rng(seed)
        for start in range(0, count, _AT_ONCE):
            part = vectors[start : start + _AT_ONCE]
            noise = rng.standard_normal(part.shape, dtype=np.float32)
            np.matmul(noise, self.differences.T, out=part)
            part += self.passages[origin[start : start + _AT_ONCE]]
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return vectors


def nearest_cosine(vectors: Vectors, sample: int = 500) -> float:
    """The median cosine between a vector and its nearest other, of a sample: whether made ones lie as real ones do."""
    rows = np.linspace(0, len(vectors) - 1, min(sample, len(vectors)), dtype=np.int64)
    alike = vectors[rows] @ vectors.T
    alike[np.arange(len(rows)), rows] = -1.0
    return float(np.median(alike.max(axis=1)))


def need_queries(index: ProviderIndex, encoder: Encoder) -> Vectors:
    """`(needs, dim)` what sets the sample needs apart, in all languages: what the nearest passages are searched by."""
    needs = list(shipped_needs_in_all_languages().items())
    vectors = encoder.encode_queries([need.whole_text for _, need in needs])
    return np.concatenate([index.ordinary.apart(vectors[[row]], language) for row, ((_, language), _) in enumerate(needs)])
