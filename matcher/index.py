"""The provider index: directory, passages, and both searches over them. The one place where ids meet row numbers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.dense import DenseConfig, DenseIndex, DenseKind
from embeddings.encoder import Encoder, Vectors
from embeddings.errors import IndexDamaged, shown
from embeddings.lexical import LexicalIndex
from embeddings.nearest import NearestOfKind
from embeddings.store import REBUILD, open_build, write_build
from matcher.dense_facts import facts_of_dense
from matcher.directory import Directory
from matcher.errors import DirectoryRefused, Problem
from matcher.ordinary import OrdinaryNeeds
from matcher.passages import Passage, passages_of
from matcher.records import Evidence, Provider
from matcher.shipped import ordinary_needs_file

Rows = NDArray[np.int64]
RowMask = NDArray[np.bool_]
Column = Literal["category", "country", "region"]

_PROVIDERS, _EVIDENCE, _PASSAGES = "providers.json", "evidence.json", "passages.json"
_COLUMNS: tuple[Column, ...] = ("category", "country", "region")
_NOBODY: Rows = np.empty(0, dtype=np.int64)
_ENCODED_AT_ONCE = 64
_BACKGROUND = 2_000
_ON_ONE_THREAD = 2**18
"""Multiplications up to which OpenBLAS does not share a product out among threads. A larger one is faster by itself, but
right after an encoding its threads wait for the processor that the encoder leaves: one need in three took 7 ms longer."""
_IN_MEMORY = 20_000
"""Passages whose vectors are also held as one array (30 MB at most): reading them back from FAISS takes longer."""


class ProviderIndex:
    """Everything that a need is searched in. Providers and passages are numbered in order of the directory."""

    def __init__(
        self,
        directory: Directory,
        passages: list[Passage],
        dense: NearestOfKind,
        lexical: LexicalIndex,
        ordinary: OrdinaryNeeds,
        facts: dict[str, Any],
    ) -> None:
        self.directory = directory
        self.passages = passages
        self.dense = dense
        self.lexical = lexical
        self.ordinary = ordinary
        self.facts = facts
        """What the manifest says: encoder, directory, counts, type of the dense index and why."""
        self._row_of = {provider.provider_id: row for row, provider in enumerate(directory.providers)}
        self.owner: Rows = np.array([self._row_of[p.provider_id] for p in passages], dtype=np.int64)
        """`(passages,)` row of the provider that each passage is about."""
        self.countries = np.array([p.country for p in directory.providers])
        self._having = {column: _rows_by_value(directory, column) for column in _COLUMNS}
        self.known_regions = sorted(region for region in self._having["region"] if region)
        every_row = np.arange(len(passages), dtype=np.int64)
        self._in_memory = dense.vectors(every_row) if len(passages) <= _IN_MEMORY else None
        # A fixed sample of passages says how near passages are on average, whatever the filters.
        self._background_step = max(1, len(passages) // _BACKGROUND)
        self.background: Vectors = self.vectors(every_row[:: self._background_step])

    @classmethod
    def build(
        cls,
        directory: Directory,
        encoder: Encoder,
        *,
        config: DenseConfig | None = None,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> ProviderIndex:
        """Encode the directory's passages and index them in memory.

        Args:
            directory: at least one provider.
            encoder: its fingerprint is kept; needs must be encoded by the same.
            config: limits that choose the dense index's type.
            on_progress: called with passages done and passages in all.

        Raises:
            DirectoryRefused: the directory is empty.
        """
        passages = passages_of(directory)
        if not passages:
            raise DirectoryRefused([Problem("directory", 0, "", "hold at least one provider", "none", "Add providers.")])
        # Texts of like length are encoded together, which wastes less on padding.
        order = sorted(range(len(passages)), key=lambda row: len(passages[row].text))
        vectors = np.empty((len(passages), encoder.dim), dtype=np.float32)
        for start in range(0, len(order), _ENCODED_AT_ONCE):
            rows = order[start : start + _ENCODED_AT_ONCE]
            vectors[rows] = encoder.encode_passages([passages[row].text for row in rows])
            on_progress(start + len(rows), len(order))
        dense = DenseIndex.build(vectors, config)
        bank = OrdinaryNeeds.read(ordinary_needs_file())
        ordinary = OrdinaryNeeds.encode(bank, encoder)
        lexical = LexicalIndex.build([p.text for p in passages], [p.language for p in passages], background=bank)
        facts = {
            "encoder": encoder.fingerprint,
            "directory": directory.fingerprint,
            "ordinary": ordinary.fingerprint,
            "providers": len(directory),
            "evidence": len(directory.evidence),
            "passages": len(passages),
            **facts_of_dense(dense, bank, ordinary, encoder),
            "lexical_bytes": lexical.nbytes,
        }
        return cls(directory, passages, dense, lexical, ordinary, facts)

    def save(self, root: Path) -> None:
        """Write the index as the current build of the folder, all or nothing.

        Raises:
            TypeError: its vectors lie elsewhere, as in a database, and have no files.
        """
        dense = self.dense
        if not isinstance(dense, DenseIndex):
            raise TypeError(f"The dense index must be one in files to be saved. Got {type(dense).__name__}.")

        def write_files(folder: Path) -> None:
            dense.save(folder)
            self.save_beside_vectors(folder)

        write_build(root, self.facts, write_files)

    def save_beside_vectors(self, folder: Path) -> None:
        """Write everything but the vectors, for a store that has its own place for those."""
        self.lexical.save(folder)
        self.ordinary.save(folder)
        _write_records(folder / _PROVIDERS, self.directory.providers)
        _write_records(folder / _EVIDENCE, self.directory.evidence)
        _write_records(folder / _PASSAGES, self.passages)

    @classmethod
    def open(cls, root: Path, encoder: Encoder) -> ProviderIndex:
        """The current build of the folder.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: see `embeddings.store.open_build`.
        """
        folder, facts = open_build(root, encoder.fingerprint)
        try:
            kind = DenseKind(**facts["dense"])
            return cls.read_beside_vectors(folder, facts, lambda *_: DenseIndex.load(folder, kind))
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise IndexDamaged(f"index {folder}", "be readable", shown(str(error)), REBUILD) from error

    @classmethod
    def read_beside_vectors(
        cls, folder: Path, facts: dict[str, Any], open_dense: Callable[[Directory, list[Passage]], NearestOfKind]
    ) -> ProviderIndex:
        """What `save_beside_vectors` wrote, over vectors that are opened once it is known whose they are.

        Raises:
            KeyError, TypeError, ValueError, RuntimeError: the files are not those that were written; a store checks that.
        """
        # The files are those that were written (their SHA-256 was checked), so records need no second checking.
        directory = Directory(
            tuple(Provider.model_construct(**row) for row in _read_records(folder / _PROVIDERS)),
            tuple(Evidence.model_construct(**_dated(row)) for row in _read_records(folder / _EVIDENCE)),
        )
        directory.__dict__["fingerprint"] = facts["directory"]
        passages = [Passage.model_construct(**row) for row in _read_records(folder / _PASSAGES)]
        lexical, ordinary = LexicalIndex.load(folder), OrdinaryNeeds.load(folder)
        return cls(directory, passages, open_dense(directory, passages), lexical, ordinary, facts)

    def __len__(self) -> int:
        return len(self.directory)

    def having(self, column: Column, values: Iterable[str]) -> RowMask:
        """`(providers,)` whether the provider's value is one of those."""
        found = np.zeros(len(self), dtype=np.bool_)
        for value in values:
            found[self._having[column].get(value, _NOBODY)] = True
        return found

    def vectors(self, rows: Rows) -> Vectors:
        """`(len(rows), dim)` vectors of those passages."""
        return self.dense.vectors(rows) if self._in_memory is None else self._in_memory[rows]

    def nearest(self, query: Vectors, k: int, allowed: RowMask) -> Rows:
        """Rows of the `k` allowed passages nearest to `(dim,)` a query, ascending; all of them where `k` reaches so far."""
        if int(allowed.sum()) <= k:
            return np.flatnonzero(allowed)
        return np.sort(self.dense.search(query[None, :], k, allowed)[0].ids)

    def products_and_background(self, queries: Vectors, rows: Rows, heard: RowMask | None = None) -> tuple[Vectors, Vectors]:
        """`(needs, queries, rows)` and `(needs, queries, background)` inner products; of the background, only what is heard.

        Where all passages are in memory, one product over all of them is chosen from, for the reason in `products`. For the
        same reason the needs are multiplied one by one: in one large product a need's numbers would depend on the others'.
        Both are one and the same array where all passages are asked for and all of them are the background.

        Args:
            queries: `(needs, queries, dim)`.
            rows: of the passages.
            heard: `(passages,)` booleans.
        """
        sample = slice(None) if heard is None else heard[:: self._background_step]
        if self._in_memory is None:
            chosen = np.stack([self.products(of_need, rows) for of_need in queries])
            return chosen, _products_on_one_thread(queries, self.background[sample])
        every = _products_on_one_thread(queries, self._in_memory)
        chosen = every if len(rows) == len(self.passages) else every[:, :, rows]
        if self._background_step == 1 and heard is None:
            return chosen, every
        return chosen, np.ascontiguousarray(every[:, :, :: self._background_step][:, :, sample])

    def products(self, queries: Vectors, rows: Rows) -> Vectors:
        """`(queries, rows)` inner products with those passages.

        One by one: the last digit of a matrix product depends on the size of the matrix, and nothing that is said of
        a passage may depend on which others it is asked with.
        """
        return np.asarray(np.einsum("qd,pd->qp", queries, self.vectors(rows)), dtype=np.float32)

    def provider_at(self, row: int) -> Provider:
        """The provider of a row."""
        return self.directory.providers[row]

    def rows_of(self, provider_ids: Iterable[str]) -> Rows:
        """Rows of those ids that the directory has; others are passed over."""
        return np.array([self._row_of[i] for i in provider_ids if i in self._row_of], dtype=np.int64)


def _products_on_one_thread(queries: Vectors, vectors: Vectors) -> Vectors:
    """`(needs, queries, len(vectors))` inner products."""
    every = np.empty((*queries.shape[:2], len(vectors)), dtype=np.float32)
    step = max(1, _ON_ONE_THREAD // max(1, queries[0].size))
    for of_need, products in zip(queries, every, strict=True):
        for start in range(0, len(vectors), step):
            np.matmul(of_need, vectors[start : start + step].T, out=products[:, start : start + step])
    return every


def _rows_by_value(directory: Directory, column: Column) -> dict[str, Rows]:
    rows: dict[str, list[int]] = {}
    for row, provider in enumerate(directory.providers):
        rows.setdefault(getattr(provider, column), []).append(row)
    return {value: np.array(found, dtype=np.int64) for value, found in rows.items()}


def _write_records(file: Path, records: Iterable[Provider | Evidence | Passage]) -> None:
    rows = [record.model_dump(mode="json") for record in records]
    file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _read_records(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return rows


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """A row of evidence with its day as a day again: JSON has none."""
    return row | {"date": dt.date.fromisoformat(row["date"]) if row.get("date") else None}
