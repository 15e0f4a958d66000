"""Candidates, policies and directories of any kind, for laws that must hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from hypothesis import strategies as st

from matcher.grid import to_grid
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.ranking import Ranked
from matcher.records import BorderPolicy
from tests.fakes import FakeEncoder, small_directory
from tests.unit.matcher.candidates import Weighed, candidates_of, rank

COUNTRIES = ("NL", "DE", "BE", "FR", "DK")
WORDS = (
    "lung",
    "toxicology",
    "vaccine",
    "filling",
    "capital",
    "patent",
    "GMP",
    "trial",
    "wine",
    "bridge",
    "we",
    "look",
    "for",
    "a",
)


@dataclass(frozen=True)
class World:
    """Candidates with their countries, for a company in NL."""

    countries: tuple[str, ...]
    candidates: Weighed

    def ranked(self, policy: BorderPolicy, k: int = 100) -> Ranked:
        return rank(self.countries, self.candidates, policy, k)

    def is_foreign(self, ranked: Ranked) -> list[bool]:
        return [self.countries[place] != "NL" for place in ranked.places.tolist()]


def numbers(count: int) -> st.SearchStrategy[list[float]]:
    # A few equal ones among them, so that ties occur.
    number = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0.0, 12.0, allow_nan=False)
    return st.lists(number, min_size=count, max_size=count)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    countries = draw(st.lists(st.sampled_from(("NL", *COUNTRIES)), min_size=1, max_size=30))
    count = len(countries)
    semantic, lexical = (to_grid(np.array(draw(numbers(count)))) for _ in range(2))
    return World(tuple(countries), candidates_of(semantic.tolist(), lexical.tolist()))


betas = st.floats(1e-3, 20.0, allow_nan=False)


@st.composite
def policies(draw: st.DrawFn) -> BorderPolicy:
    values: dict[str, Any] = {"mode": draw(st.sampled_from(["favour", "neutral"])), "beta": draw(betas)}
    return BorderPolicy.model_validate(values)


@st.composite
def need_texts(draw: st.DrawFn) -> str:
    """One to four sentences of words that the small directory knows or does not."""
    sentence = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12).map(lambda chosen: " ".join(chosen) + ".")
    return " ".join(draw(st.lists(sentence, min_size=1, max_size=4)))


@cache
def small_matcher() -> Matcher:
    encoder = FakeEncoder()
    return build_matcher(ProviderIndex.build(small_directory(), encoder), encoder)
