"""What there is to say about one subject with unmet needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from embeddings.encoder import Vectors
from matcher.gaps.asked import AskedNeed
from matcher.gaps.different import different_companies
from matcher.gaps.findings import Gap, Member
from matcher.gaps.labels import Vocabulary
from matcher.gaps.nearest import nearest_providers, nearest_regions
from matcher.gaps.space import OrdinaryBank, Space
from matcher.gaps.subjects import most_central
from matcher.gaps.themes import GapInNumbers, theme_of
from matcher.gaps.unmet import Judged
from matcher.pairs import NO_REGION
from matcher.ranking import RankingConfig
from matcher.rates import rate


@dataclass(frozen=True)
class GapConfig:
    """How the analysis is made."""

    k: int = 10
    """Providers abroad that count for a need: the length of a list as it is usually given out."""

    least_probability: float = RankingConfig().least_probability
    """Where no provider abroad is this probable, a need gets "no good match"."""

    shows_titles: bool = False
    """Whether titles and ids of needs are told: only for own use."""


def gap_of(
    group: Sequence[Judged], needs: int, bank: OrdinaryBank, space: Space, vocabulary: Vocabulary, config: GapConfig
) -> Gap:
    """The gap of a subject; its number is given later.

    Args:
        group: all needs on the subject, at least one of them unmet.
        needs: how many the analysis has.
        bank: ordinary needs.
        space: of all needs.
        vocabulary: of all needs.
        config: how.
    """
    unmet = [one for one in group if one.is_unmet]
    asked = [one.asked for one in unmet]
    vectors = space.apart([one.vector for one in asked])
    label = vocabulary.label(asked)
    fields, recruit = counts(field for one in asked for field in one.fields), nearest_regions(asked)
    in_question = float(median(sum(near.probability >= config.least_probability for near in one.abroad) for one in asked))
    why = counts(str(one.why) for one in unmet)
    numbers = GapInNumbers(
        needs=len(asked),
        companies=different_companies(asked),
        finance=fields.get("finance", 0),
        unlike=why.get("unlike the directory", 0),
        in_question=in_question,
        k=config.k,
        at_home=sum(bool(one.anywhere) and one.anywhere[0].country == one.need.country for one in asked),
        recruit=recruit,
    )
    return Gap(
        number=0,
        label=str(label),
        label_language=label.language,
        like=_like(vectors, bank, space),
        is_anecdote=numbers.is_anecdote,
        unmet=rate(len(unmet), len(group)),
        of_all=rate(len(unmet), needs),
        companies=numbers.companies,
        why=why,
        near_line=sum(one.near_line for one in unmet),
        at_home=numbers.at_home,
        in_question=in_question,
        fields=fields,
        regions=counts(one.need.region or NO_REGION for one in asked),
        countries=counts(one.need.country for one in asked),
        nearest=nearest_providers(asked),
        recruit=recruit,
        theme=theme_of(numbers),
        title=_title(asked[most_central(vectors)]) if config.shows_titles else "",
        members=tuple(map(_member, unmet)) if config.shows_titles else (),
    )


def _like(vectors: Vectors, bank: OrdinaryBank, space: Space) -> str:
    """The bank's subject that is nearest on average, if it is near enough to be taken for the same."""
    distances = 1.0 - (vectors.astype(np.float64) @ space.ordinary.astype(np.float64).T).mean(axis=0)
    names = np.asarray(bank.subjects)
    means = {name: float(distances[names == name].mean()) for name in sorted(set(bank.subjects))}
    nearest = min(means, key=means.__getitem__)
    return nearest.replace("-", " ") if means[nearest] < space.unrelated else ""


def _title(asked: AskedNeed) -> str:
    return asked.need.title or f"{asked.need.text[:80].rstrip()}…"


def _member(one: Judged) -> Member:
    need = one.asked.need
    return Member(
        need_id=need.need_id,
        title=_title(one.asked),
        region=need.region or NO_REGION,
        country=need.country,
        expected=one.asked.expected,
        line=one.line,
    )


def counts(values: Iterable[str]) -> dict[str, int]:
    """How often each value occurs, the most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
