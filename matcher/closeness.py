"""Best fits of whole banks of needs, from which is learned which needs a directory is for (`matcher.learning`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from matcher.index import ProviderIndex
from matcher.pipeline import encode_need
from matcher.records import Need
from matcher.retrieval import Retrieval

_ANYWHERE = "NL"
"""The company's country plays no part in a fit."""


def best_fits(index: ProviderIndex, encoder: Encoder, bank: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """`(needs,)` how much the directory's best passage has to do with each text.

    Args:
        index: of the directory.
        encoder: the index's.
        bank: `(text, language)`.
    """
    retrieval, everyone = Retrieval(index), np.ones(len(index), dtype=np.bool_)
    found = []
    for text, language in bank:
        parts = encode_need(Need(text=text, language=language, country=_ANYWHERE), encoder, index.ordinary).parts
        found.append(retrieval.retrieve(parts.apart, parts.text, parts.language, everyone).best_fit)
    return np.array(found)
