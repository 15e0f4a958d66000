"""Needs of the gap analysis made by hand: three subjects at right angles, and a bank whose line is known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from embeddings.encoder import Vectors
from matcher.gaps.asked import AskedNeed, Near
from matcher.gaps.labels import Wording
from matcher.gaps.reference import Ordinary, Reference
from matcher.gaps.space import OrdinaryBank
from tests.fakes import need

DIM = 16
TEXT = "We look for a partner."


def direction(axis: int, aside: int | None = None, degrees: float = 20.0) -> Vectors:
    """A unit vector along an axis, or that many degrees off it towards another."""
    vector = np.zeros(DIM, dtype=np.float32)
    angle = math.radians(degrees) if aside is not None else 0.0
    vector[axis] = math.cos(angle)
    if aside is not None:
        vector[aside] = math.sin(angle)
    return vector


def near(provider_id: str = "bruno", probability: float = 0.3, country: str = "DE", **more: Any) -> Near:
    values: dict[str, Any] = {"name": provider_id.title(), "category": "technology", "region": f"{country.lower()}-one", **more}
    return Near(provider_id=provider_id, country=country, probability=probability, **values)


def asked(key: str, vector: Vectors | None = None, probabilities: tuple[float, ...] = (0.5, 0.5), **more: Any) -> AskedNeed:
    """A need of a company of its own; what is no field of `AskedNeed` is one of its need."""
    own = {name: more.pop(name) for name in ("language", "fields", "anywhere", "belongs", "abroad") if name in more}
    values = {"text": TEXT, "company": f"Company {key}", "need_id": key, "language": own.get("language", "en"), **more}
    abroad = own.pop("abroad", None) or tuple(near(f"p{place}", value) for place, value in enumerate(probabilities))
    return AskedNeed(
        key=key,
        need=need(**values),
        language=own.pop("language", "en"),
        fields=own.pop("fields", ("technology",)),
        vector=direction(0) if vector is None else vector,
        abroad=abroad if probabilities else (),
        anywhere=own.pop("anywhere", abroad if probabilities else ()),
        **own,
    )


def bank(*expected: float, language: str = "en", subjects: tuple[str, ...] = ()) -> OrdinaryBank:
    """Ordinary needs on subjects at right angles, far from the first axes, that get those numbers of good providers."""
    names = subjects or tuple(f"subject-{place}" for place in range(len(expected)))
    values = [
        Ordinary(name, asked(name, direction(DIM - 1 - place), (value,), language=language))
        for place, (name, value) in enumerate(zip(names, expected, strict=True))
    ]
    return OrdinaryBank(
        subjects=names,
        wordings=tuple(Wording("We look for an ordinary partner.", language) for _ in values),
        vectors=np.stack([value.asked.vector for value in values]),
        reference=Reference.of(values),
    )
