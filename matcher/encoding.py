"""Needs as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.encoder import Encoder
from embeddings.language import guess_language, sentences
from matcher.explanation import NeedInParts
from matcher.ordinary import OrdinaryNeeds
from matcher.records import Need


@dataclass(frozen=True)
class EncodedNeed:
    """A need as vectors: as a whole, and sentence by sentence for the explanation."""

    need: Need
    language: str
    parts: NeedInParts


def encode_need(need: Need, encoder: Encoder, ordinary: OrdinaryNeeds) -> EncodedNeed:
    """The need's vectors, as a whole and sentence by sentence.

    Args:
        need: in whatever language; it is guessed where it is not given.
        encoder: the one that the index was built with.
        ordinary: that index's ordinary needs, from which it is set apart.
    """
    [encoded] = encode_needs([need], encoder, ordinary)
    return encoded


def encode_needs(needs: Sequence[Need], encoder: Encoder, ordinary: OrdinaryNeeds) -> list[EncodedNeed]:
    """As `encode_need`, for several needs: texts of like length are encoded together, and none twice."""
    pieces = [sentences(need.whole_text) for need in needs]
    texts = [[need.whole_text, *of_need] for need, of_need in zip(needs, pieces, strict=True)]
    every = list(dict.fromkeys(text for of_need in texts for text in of_need))
    if len(needs) > 1:
        every.sort(key=len)
    place = {text: number for number, text in enumerate(every)}
    vectors = encoder.encode_queries(every)
    encoded = []
    for need, of_need, own in zip(needs, pieces, texts, strict=True):
        language = need.language or guess_language(need.whole_text)
        of_texts = vectors[[place[text] for text in own]]
        parts = NeedInParts(need.whole_text, of_need, of_texts[0], ordinary.apart(of_texts, language), language)
        encoded.append(EncodedNeed(need, language, parts))
    return encoded
