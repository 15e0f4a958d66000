"""A directory of any size out of the shipped one: its providers again and again, each time with some words exchanged.

A copy keeps its provider's country, kind and evidence; a third of the words of every passage come from other passages of the
same language. Vectors are made as `made_vectors` says and not encoded: a million passages would take the encoder hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np

from benchmarks.made_vectors import RealVectors
from embeddings.dense import DenseIndex
from embeddings.lexical import LexicalIndex
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.ordinary import OrdinaryNeeds
from matcher.passages import Passage
from matcher.records import Evidence, Provider
from matcher.shipped import ordinary_needs_file

R = TypeVar("R", Provider, Evidence, Passage)
_EXCHANGED = 1 / 3


def made_index(shipped: ProviderIndex, passages: int, seed: int = 1) -> ProviderIndex:
    """The shipped directory so often that it has about that many passages, indexed."""
    copies = max(1, round(passages / len(shipped.passages)))
    order = [(row, copy) for row in range(len(shipped)) for copy in range(copies)]
    providers = [_copied(shipped.provider_at(row), copy) for row, copy in order]
    of_provider = np.split(np.arange(len(shipped.passages)), np.flatnonzero(np.diff(shipped.owner)) + 1)
    origin = np.concatenate([of_provider[row] for row, _ in order])
    texts = exchanged_texts(shipped, origin, seed)
    made = [
        _copied(shipped.passages[place], copy, text=text)
        for (place, copy), text in zip(((p, c) for row, c in order for p in of_provider[row].tolist()), texts, strict=True)
    ]
    items = [_copied(item, copy) for row, copy in order for item in _evidence(shipped, row)]
    directory = Directory(tuple(providers), tuple(items))
    directory.__dict__["fingerprint"] = f"made of {copies} copies"
    real = RealVectors.of(shipped.vectors(np.arange(len(shipped.passages))))
    dense = DenseIndex.build(real.made_of(origin, seed))
    bank = OrdinaryNeeds.read(ordinary_needs_file())
    lexical = LexicalIndex.build([one.text for one in made], [one.language for one in made], background=bank)
    return ProviderIndex(directory, made, dense, lexical, shipped.ordinary, {**shipped.facts, "passages": len(made)})


def exchanged_texts(shipped: ProviderIndex, origin: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int) -> Iterator[str]:
    """Those passages' texts, each time with a third of the words exchanged for others of their language."""
    rng = np.random.default_rng(seed)
    words_of = [np.array(passage.text.split(), dtype=object) for passage in shipped.passages]
    languages = [passage.language for passage in shipped.passages]
    spoken = {
        language: np.concatenate([words for words, own in zip(words_of, languages, strict=True) if own == language])
        for language in set(languages)
    }
    for place in origin.tolist():
        words = words_of[place].copy()
        changed = np.flatnonzero(rng.random(len(words)) < _EXCHANGED)
        others = spoken[languages[place]]
        words[changed] = others[rng.integers(0, len(others), len(changed))]
        yield " ".join(words)


def _evidence(shipped: ProviderIndex, row: int) -> tuple[Evidence, ...]:
    return shipped.directory.evidence_of(shipped.provider_at(row).provider_id)


def _copied(record: R, copy: int, **changed: str) -> R:
    """The record as another provider's. Not checked again: a million checks take minutes."""
    values = dict(record)
    values |= {"provider_id": f"{values['provider_id']}~{copy:05}", **changed}
    if values.get("evidence_id"):
        values["evidence_id"] = f"{values['evidence_id']}~{copy:05}"
    if "name" in values:
        values |= {"name": f"{values['name']} {copy}", "source_ids": "", "url": ""}
    return type(record).model_construct(**values)
