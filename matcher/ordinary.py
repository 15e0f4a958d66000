"""What every need sounds like, so that only what sets a need apart is searched for.

An encoder puts all founders' letters close together ("we are a small company, we look for a partner, by next
year"), and some passages close to all of them. Subtracting the mean vector of a bank of ordinary needs in the
need's own language removes both that and the attraction between texts of one language. (Centring against hubs:
Suzuki et al. 2013, "Centering similarity measures to reduce hubs", EMNLP.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, Vectors

_FILE = "ordinary.npz"


@dataclass(frozen=True)
class OrdinaryNeeds:
    """The mean vector of ordinary needs by language, for one encoder."""

    means: dict[str, Vectors]
    """Language → `(dim,)` float32."""
    overall: Vectors
    """`(dim,)` float32: for a language that the bank does not have."""
    fingerprint: str
    """SHA-256 over the bank's texts, shortened."""

    @staticmethod
    def read(file: Path) -> list[tuple[str, str]]:
        """The bank as `(text, language)`: a JSONL file with the same subjects in every language."""
        rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
        return [(row["text"], row["language"]) for row in rows]

    @classmethod
    def encode(cls, bank: Sequence[tuple[str, str]], encoder: Encoder) -> OrdinaryNeeds:
        """The bank's means."""
        vectors = encoder.encode_queries([text for text, _ in bank])
        languages = np.array([language for _, language in bank])
        means = {str(language): vectors[languages == language].mean(axis=0) for language in np.unique(languages)}
        fingerprint = hashlib.sha256(json.dumps(list(bank)).encode()).hexdigest()[:16]
        return cls(means, vectors.mean(axis=0), fingerprint)

    def of(self, language: str) -> Vectors:
        """The mean of that language, or of all."""
        return self.means.get(language, self.overall)

    def apart(self, vectors: Vectors, language: str) -> Vectors:
        """`(n, dim)` unit vectors of what sets those needs apart from ordinary ones of the language."""
        difference = vectors - self.of(language)
        difference /= np.maximum(np.linalg.norm(difference, axis=1, keepdims=True), 1e-9)
        return difference

    def save(self, folder: Path) -> None:
        """Write the means as one file of the index."""
        languages = sorted(self.means)
        np.savez(
            folder / _FILE,
            languages=np.array(languages),
            means=np.stack([self.means[language] for language in languages]),
            overall=self.overall,
            fingerprint=np.array(self.fingerprint),
        )

    @classmethod
    def load(cls, folder: Path) -> OrdinaryNeeds:
        """Read what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as stored:
            means = dict(zip(stored["languages"].tolist(), stored["means"], strict=True))
            return cls(means, stored["overall"], str(stored["fingerprint"]))
