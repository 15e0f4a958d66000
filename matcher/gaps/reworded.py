"""Whether a need's subject and verdict depend on the language it is put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from embeddings.encoder import Vectors
from matcher.gaps.findings import Alike, Reworded
from matcher.gaps.subjects import subjects_of
from matcher.gaps.unmet import Judged
from matcher.rates import rate


def alike(wordings: Iterable[Sequence[Judged]]) -> Alike:
    """How often two wordings of a need are judged alike.

    Args:
        wordings: of each need, one a language.
    """
    same, pairs, unmet, ways = 0, 0, 0, 0
    for of_need in wordings:
        for one, other in combinations(of_need, 2):
            same += one.is_unmet == other.is_unmet
            pairs += 1
        unmet += sum(way.is_unmet for way in of_need)
        ways += len(of_need)
    share = unmet / ways if ways else 0.0
    return Alike(pairs=rate(same, pairs), by_chance=share**2 + (1.0 - share) ** 2)


def reworded(wordings: Mapping[str, Sequence[Judged]], apart: Vectors, unrelated: float) -> Reworded:
    """Compare the wordings of each need.

    Args:
        wordings: need → its wordings, one a language, each judged by itself.
        apart: `(wordings, dim)` their vectors, in order of `wordings`.
        unrelated: see `matcher.gaps.subjects.subjects_of`.
    """
    subjects = iter(subjects_of(apart, unrelated).tolist())
    together = sum(len({next(subjects) for _ in ways}) == 1 for ways in wordings.values())
    languages = sorted({way.asked.language for ways in wordings.values() for way in ways})
    return Reworded(needs=len(wordings), languages=tuple(languages), on_one_subject=together, alike=alike(wordings.values()))
