"""What the manifest of a build says about its vectors: type, memory, and what an inexact type was seen to miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from embeddings.dense import DenseIndex
from embeddings.dense_recall import measured_recall
from embeddings.encoder import Encoder
from matcher.ordinary import OrdinaryNeeds

_MEASURED_AT = (10, 5_000)
"""As long as a match list, and as many as retrieval looks at (`RetrievalConfig.passages_per_need`)."""
_MOST_QUERIES = 100
"""Exact search of a million passages takes a fifth of a second a query."""


def facts_of_dense(
    dense: DenseIndex, bank: Sequence[tuple[str, str]], ordinary: OrdinaryNeeds, encoder: Encoder
) -> dict[str, Any]:
    """Facts by name.

    Args:
        dense: the index; where it is inexact, its recall is measured now.
        bank: ordinary needs as `(text, language)`; they are searched for as needs are. No sample of passages instead:
            needs lie elsewhere than passages do, and are harder to find the nearest of.
        ordinary: their means.
        encoder: the one that the passages were encoded with.
    """
    facts: dict[str, Any] = {"dense": {"factory": dense.kind.factory, "why": dense.kind.why}}
    facts["dense_bytes"], facts["dense_code_bytes"] = dense.mapped_bytes, dense.own_bytes
    if not dense.kind.is_exact:
        asked = bank[:: max(1, len(bank) // _MOST_QUERIES)][:_MOST_QUERIES]
        vectors = encoder.encode_queries([text for text, _ in asked])
        queries = np.stack([ordinary.apart(vectors[[row]], language)[0] for row, (_, language) in enumerate(asked)])
        facts["dense_recall"] = [asdict(measured_recall(dense, queries, min(k, dense.count))) for k in _MEASURED_AT]
    return facts
