"""What each step of retrieval is worth, on the sample needs and their judgements.

    python -m benchmarks.relevance [--write]

The judgements were used to choose the settings, so these figures compare variants; they prove no quality (that is for
`crossmatch evaluate`, on evidence that nobody here wrote). nDCG@10 is the mean over the needs and one translation of each;
overlap is how many of the first ten a need and that translation share. The translation is the first, by the language's
letters, that is not the need's own.
"""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.report import machine, table, write
from embeddings.encoder import Encoder, open_encoder
from embeddings.language import LANGUAGES
from matcher.evaluation.measures import retrieval_measures
from matcher.evaluation.statistics import bootstrap_interval
from matcher.index import ProviderIndex
from matcher.ordinary import OrdinaryNeeds
from matcher.pipeline import EncodedNeed, MatcherConfig, build_matcher
from matcher.ranking import RankingConfig
from matcher.records import BorderPolicy, MatchRequest
from matcher.retrieval import RetrievalConfig
from matcher.shipped import shipped_directory, shipped_judgements, shipped_needs, shipped_needs_in_all_languages

NEUTRAL = BorderPolicy(mode="neutral")
EVERYTHING = RankingConfig(least_probability=0.0)


@dataclass(frozen=True)
class Figures:
    """Means over the needs."""

    ndcg: list[float]
    overlap: list[int]
    first_foreign: int
    foreign_share: float

    def row(self, name: str) -> list[str]:
        """One row of the table, with a bootstrap interval over needs for nDCG."""
        return [
            name,
            str(bootstrap_interval(self.ndcg)),
            f"{np.mean(self.overlap):.1f} ({min(self.overlap)})",
            f"{self.first_foreign} of {len(self.overlap)}",
            f"{self.foreign_share:.0%}",
        ]


def measure(
    index: ProviderIndex, encoder: Encoder, encoded: list[EncodedNeed], config: MatcherConfig, policy: BorderPolicy
) -> Figures:
    """Figures of one variant; the second half of `encoded` are the translations of the first, in order."""
    matcher = build_matcher(index, encoder, config)
    grades = shipped_judgements()
    answers = [matcher.match_encoded(one, MatchRequest(need=one.need, policy=policy)) for one in encoded]
    listed = [[match.provider_id for match in answer.matches] for answer in answers]
    half = len(encoded) // 2
    ids = [one.need.need_id for one in encoded]
    halves = [
        retrieval_measures(grades, dict(zip(ids[part], listed[part], strict=True)))["nDCG@10"]
        for part in (slice(half), slice(half, None))
    ]
    return Figures(
        ndcg=[(halves[0][need] + halves[1][need]) / 2 for need in ids[:half]],
        overlap=[len(set(listed[i]) & set(listed[i + half])) for i in range(half)],
        first_foreign=sum(answer.matches[0].cross_border for answer in answers[:half]),
        foreign_share=float(np.mean([m.cross_border for answer in answers[:half] for m in answer.matches])),
    )


def main() -> None:
    """Measure every variant, print, and with `--write` keep."""
    encoder = open_encoder("bundled-e5")
    index = ProviderIndex.build(shipped_directory(), encoder)
    needs = shipped_needs()
    in_all_languages = shipped_needs_in_all_languages()
    translations = [in_all_languages[n.need_id, next(one for one in LANGUAGES if one != n.language)] for n in needs]
    plain = build_matcher(index, encoder)
    every_need = [*needs, *translations]
    as_shipped = [plain.encode(need) for need in every_need]

    def variant(policy: BorderPolicy = NEUTRAL, encoded: list[EncodedNeed] = as_shipped, **retrieval: float) -> Figures:
        config = MatcherConfig(retrieval=RetrievalConfig(**retrieval), ranking=EVERYTHING)  # type: ignore[arg-type]
        return measure(index, encoder, encoded, config, policy)

    rows = [variant().row("as shipped, policy neutral")]
    without: dict[str, dict[str, float]] = {
        "without lexical agreement": {"lexical_weight": 0.0},
        "without sentences": {"sentence_weight": 0.0, "whole_weight": 1.0},
        "profile counts like a project": {"profile_weight": 1.0},
        "best passage only": {"best_passages": 1},
        "next passages count in full": {"next_counts": 1.0},
        "five passages, each .7 of the one before": {"best_passages": 5, "next_counts": 0.7},
        "chatter counted": {"quiet_below": 0.0},
        "other language counts in full": {"other_language": 1.0},
    }
    rows += [variant(**changed).row(name) for name, changed in without.items()]
    # A need is set apart from ordinary ones where it is encoded.
    ordinary, index.ordinary = index.ordinary, nothing_in_common(index.ordinary)
    not_apart = [plain.encode(need) for need in every_need]
    index.ordinary = ordinary
    rows.append(variant(encoded=not_apart).row("ordinary needs not subtracted"))
    for beta in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        rows.append(variant(BorderPolicy(beta=beta)).row(f"policy favour, β = {beta:g}"))
    rows.append(variant(BorderPolicy(mode="require")).row("policy require"))
    header = ["variant", "nDCG@10 (95 %)", "overlap, mean (least)", "first is foreign", "foreign in first ten"]
    content = f"{machine()}\n\n" + table(header, rows)
    print(content)
    if "--write" in sys.argv[1:]:
        write("relevance", content)


def nothing_in_common(ordinary: OrdinaryNeeds) -> OrdinaryNeeds:
    """A bank whose mean is zero in every language."""
    means = {language: np.zeros_like(mean) for language, mean in ordinary.means.items()}
    return dataclasses.replace(ordinary, means=means, overall=np.zeros_like(ordinary.overall))


if __name__ == "__main__":
    main()
