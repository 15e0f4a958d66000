"""What an encoder is, and how one is opened by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderUnavailable, shown

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into rows of unit length. Queries and passages may be encoded differently."""

    @property
    def dim(self) -> int:
        """Numbers in one vector."""

    @property
    def fingerprint(self) -> str:
        """Names model, revision, quantisation, pooling and prefixes; vectors of two fingerprints never mix."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """`(n, dim)` float32, rows of unit length, in the order of `texts`."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """`(n, dim)` float32, rows of unit length, in the order of `texts`."""


def _bundled(_: str) -> Encoder:
    from embeddings.bundled import BundledE5

    return BundledE5()


def _sentence_transformer(model: str) -> Encoder:
    from embeddings.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(model)


ENCODERS: dict[str, Callable[[str], Encoder]] = {
    "bundled-e5": _bundled,
    "sentence-transformers": _sentence_transformer,
}


def open_encoder(name: str) -> Encoder:
    """The encoder of that name: `bundled-e5`, or `sentence-transformers:MODEL` with a folder or a hub name.

    Raises:
        EncoderUnavailable: the name is unknown, or what it needs is not installed.
    """
    kind, _, model = name.partition(":")
    if kind not in ENCODERS or (kind == "sentence-transformers") != bool(model):
        known = "bundled-e5, sentence-transformers:MODEL"
        raise EncoderUnavailable("encoder", f"be one of: {known}", shown(name), "Set CROSSMATCH_ENCODER.")
    return ENCODERS[kind](model)
