"""A small world with answers known by hand: an encoder without a model, and five providers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from embeddings.encoder import Vectors
from embeddings.language import words
from matcher.directory import Directory
from matcher.records import Evidence, MatchRequest, Need, Provider


class FakeEncoder:
    """A bag of hashed words: texts that share words are near each other, deterministically and in any process."""

    dim = 64

    def __init__(self, name: str = "fake-1") -> None:
        self.fingerprint = name
        self.calls: list[list[str]] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.1
            for word in words(text):
                vectors[row, hashlib.sha256(word.encode()).digest()[0] % self.dim] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else vectors


def provider(provider_id: str, country: str, summary: str, **more: object) -> Provider:
    values = {"name": f"{provider_id.title()} Institute", "category": "technology", "summary_language": "en", **more}
    return Provider.model_validate({"provider_id": provider_id, "country": country, "summary": summary, **values})


def evidence(evidence_id: str, provider_id: str, title: str, **more: object) -> Evidence:
    values = {"kind": "project", "year": 2023, "role": "participant", "reference": f"https://example.org/{evidence_id}", **more}
    return Evidence.model_validate({"evidence_id": evidence_id, "provider_id": provider_id, "title": title, **values})


def small_directory() -> Directory:
    """Two toxicology laboratories (NL, DE), a vaccine plant (BE), an investor (FR), a patent lawyer (DK)."""
    return Directory(
        providers=(
            provider(
                "aqua", "NL", "Toxicology laboratory for inhalation studies and lung models.", region="nl-oost", city="Ede"
            ),
            provider("bruno", "DE", "Toxicology institute with lung models on a chip.", region="de-nrw", city="Essen"),
            provider("carla", "BE", "Vaccine plant with filling line for clinical batches.", region="be-liege", city="Mons"),
            provider("dion", "FR", "Venture capital for medical devices, seed rounds.", category="finance", region="fr-lille"),
            provider("erik", "DK", "Patent attorneys for biotech inventions and licences.", category="commercial"),
        ),
        evidence=(
            evidence("a1", "aqua", "Inhalation toxicology of aerosols in lung tissue"),
            evidence("a2", "aqua", "Lung models for asthma medicines"),
            evidence("b1", "bruno", "Lung on a chip for inhalation toxicology"),
            evidence("c1", "carla", "Vaccine filling for pandemic preparedness", year=2021),
            evidence("d1", "dion", "Heart Valve Company", kind="investment", role="investor", year=None),
            evidence("d2", "dion", "Stent Company", kind="investment", role="investor", year=None),
            evidence("e1", "erik", "Intellectual property: patents and licences", kind="service", role="provider", year=None),
        ),
    )


def need(text: str = "We look for inhalation toxicology with lung models.", country: str = "NL", **more: object) -> Need:
    return Need.model_validate({"text": text, "country": country, "language": "en", **more})


def request(**more: object) -> MatchRequest:
    """A request for the default need; fields of the request by name, `need` included."""
    return MatchRequest.model_validate({"need": need(), **more})
