"""The texts that every contender searches, with their vectors made beforehand, so that none has to encode a directory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.bundled import BundledE5
from embeddings.encoder import Vectors
from matcher.evaluation.benchmark import Benchmark, read_benchmark
from matcher.index import ProviderIndex
from matcher.passages import passages_of
from matcher.shipped import shipped_benchmark_folder

_AT_ONCE = 64


@dataclass(frozen=True)
class Texts:
    """Passages in rows; `owners` are the ids of the providers that they are about."""

    texts: list[str]
    vectors: Vectors
    owners: list[str]

    @classmethod
    def of(cls, index: ProviderIndex) -> Texts:
        """Those of an index, in its order."""
        vectors = index.vectors(np.arange(len(index.passages)))
        return cls([one.text for one in index.passages], vectors, [one.provider_id for one in index.passages])


def benchmark_texts(folder: Path) -> tuple[Benchmark, Texts]:
    """The shipped benchmark and its passages. Encoded once, which takes minutes, and kept in that folder."""
    benchmark = read_benchmark(shipped_benchmark_folder())
    passages = passages_of(benchmark.directory)
    texts = [one.text for one in passages]
    encoder = BundledE5()
    kept = folder / f"benchmark-{benchmark.directory.fingerprint[:16]}-{encoder.fingerprint.split('sha256-')[1][:12]}.npy"
    if not kept.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        vectors = _encoded(encoder, texts)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".npy", delete=False) as file:
            np.save(file, vectors)
        Path(file.name).rename(kept)
    return benchmark, Texts(texts, np.load(kept), [one.provider_id for one in passages])


def _encoded(encoder: BundledE5, texts: list[str]) -> Vectors:
    """Each text once: organisations of one project share its passage."""
    different = sorted(set(texts), key=len)
    place = {text: row for row, text in enumerate(different)}
    parts = [different[start : start + _AT_ONCE] for start in range(0, len(different), _AT_ONCE)]
    vectors = np.concatenate([encoder.encode_passages(part) for part in parts])
    return np.asarray(vectors[[place[text] for text in texts]], dtype=np.float32)
