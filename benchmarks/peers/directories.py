"""Folders of one directory each, for Crossmatch and for the peers: the shipped one, and larger ones made out of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks.made_directory import made_index
from benchmarks.peers.contenders import INDEX, TEXTS, VECTORS
from benchmarks.peers.texts import Texts
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder, VectorStore
from matcher.index import ProviderIndex
from matcher.shipped import shipped_directory

SHIPPED = 311
"""Providers of the shipped directory."""


def directory_folder(home: Path, providers: int) -> Path:
    """Where the directory of about that many providers lies; made on the first call, which takes minutes for a large one."""
    folder = home / f"providers-{providers}"
    if not (folder / TEXTS).is_file():
        index = shipped_index(home)
        if providers > len(index):
            index = made_index(index, round(providers * len(index.passages) / len(index)))
        index.save(folder / INDEX)
        texts = Texts.of(index)
        np.save(folder / VECTORS, texts.vectors)
        (folder / TEXTS).write_text(json.dumps({"texts": texts.texts, "owners": texts.owners}), encoding="utf-8")
    return folder


def shipped_index(home: Path) -> ProviderIndex:
    """The shipped directory, its vectors kept in that folder."""
    home.mkdir(parents=True, exist_ok=True)
    store = VectorStore(home / "vectors.sqlite3")
    try:
        return ProviderIndex.build(shipped_directory(), CachedEncoder(BundledE5(), queries=store, passages=store))
    finally:
        store.close()
