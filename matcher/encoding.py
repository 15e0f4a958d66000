"""Needs as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Encoder, Vectors
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
    texts = [[need.whole_text, *sentences(need.whole_text)] for need in needs]
    every = list(dict.fromkeys(text for of_need in texts for text in of_need))
    if len(needs) > 1:
        every.sort(key=len)
    place = {text: number for number, text in enumerate(every)}
    vectors = encoder.encode_queries(every)
    languages = [need.language or guess_language(need.whole_text) for need in needs]
    apart: dict[int, Vectors] = {}
    for language in set(languages):
        numbers = [number for number, spoken in enumerate(languages) if spoken == language]
        rows = [place[text] for number in numbers for text in texts[number]]
        ends = np.cumsum([len(texts[number]) for number in numbers])[:-1]
        apart |= zip(numbers, np.split(ordinary.apart(vectors[rows], language), ends), strict=True)
    return [
        EncodedNeed(
            need, languages[number], NeedInParts(own[0], own[1:], vectors[place[own[0]]], apart[number], languages[number])
        )
        for number, (need, own) in enumerate(zip(needs, texts, strict=True))
    ]
