"""Which needs are about one subject, by their vectors: in whatever languages they are put."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from embeddings.errors import Refusal

MOST_NEEDS = 5_000
"""Every need is compared with every other: so many take 300 MB, and a quarter of an hour to encode."""
UNRELATED_SHARE = 1 / 200
"""Of pairs of ordinary needs on different subjects, those that are taken for one subject."""


def unrelated_from(vectors: Vectors, subjects: Sequence[str], share: float = UNRELATED_SHARE) -> float:
    """The cosine distance from which on two needs are on different subjects, learned from needs whose subjects are known.

    Learned, because it depends on the encoder.

    Args:
        vectors: `(n, dim)` unit rows.
        subjects: one a row; at least two different ones.
        share: of pairs on different subjects that are nearer than that.

    Raises:
        Refusal: all are on one subject.
    """
    names = np.asarray(subjects)
    one, other = np.triu_indices(len(names), 1)
    different = names[one] != names[other]
    if not different.any():
        raise Refusal("bank of ordinary needs", "have at least two subjects", str(len(set(subjects))), "Add needs to it.")
    distances = 1.0 - np.einsum("nd,nd->n", vectors[one[different]], vectors[other[different]], dtype=np.float64)
    return float(np.quantile(distances, share))


def apart_from_each_other(vectors: Vectors, centre: Vectors) -> Vectors:
    """`(n, dim)` unit rows of what sets needs apart from the others of their kind.

    Args:
        vectors: `(n, dim)`.
        centre: `(dim,)` what they have in common, from `common_to`.
    """
    difference: Vectors = vectors - centre
    difference /= np.maximum(np.linalg.norm(difference, axis=1, keepdims=True), 1e-9)
    return difference


def common_to(vectors: Vectors, ordinary: int) -> Vectors:
    """`(dim,)` what these needs have in common beyond what all needs have.

    Their mean, drawn to the origin as if as many ordinary needs were among them: a few needs have a mean that says more about
    each of them than about their kind.

    Args:
        vectors: `(n, dim)` what sets each apart from ordinary needs.
        ordinary: subjects of the bank.
    """
    mean: Vectors = (vectors.sum(axis=0, dtype=np.float64) / (len(vectors) + ordinary)).astype(np.float32)
    return mean


def check_number(needs: int) -> None:
    """Refuse more needs than can be compared.

    Raises:
        Refusal: with a way out.
    """
    if needs > MOST_NEEDS:
        remedy = "Look at one region (--region) or at a shorter time (--since, --until)."
        raise Refusal("needs of a gap analysis", f"be at most {MOST_NEEDS:,}", f"{needs:,}", remedy)


def subjects_of(vectors: Vectors, unrelated: float) -> NDArray[np.int64]:
    """`(n,)` number of each need's subject, from 0 in order of its first need.

    Agglomerative clustering, average linkage, cosine distance: needs are on one subject if they are nearer to each other, on
    average, than unrelated ones are. Nothing is forced: a need that is near no other is a subject of its own.

    Args:
        vectors: `(n, dim)` unit rows; in an order that is always the same, because of equal distances the first counts.
        unrelated: the distance, from `unrelated_from`.

    Raises:
        Refusal: there are more than can be compared.
    """
    check_number(len(vectors))
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    # Only here: it takes a second to import.
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=unrelated)
    labels = clustering.fit(vectors.astype(np.float64)).labels_
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(label), len(numbers)) for label in labels], dtype=np.int64)


def most_central(vectors: Vectors) -> int:
    """The row that is nearest to all; of equals, the first.

    Args:
        vectors: `(n, dim)` unit rows, at least one.
    """
    return int(np.argmax(np.round(vectors.astype(np.float64) @ vectors.sum(axis=0, dtype=np.float64), 9)))
