"""The sample needs in five languages against their judgements: what a border policy gives, and what a language changes.

The result is plain data, as that of `matcher.evaluation.consortium`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matcher.evaluation.languages import language_agreement
from matcher.evaluation.measures import (
    Lists,
    Qrels,
    catalogue_coverage,
    cross_border_share,
    exposure_gini,
    retrieval_measures,
)
from matcher.evaluation.preference_costs import preference_costs
from matcher.evaluation.statistics import bootstrap_interval
from matcher.pipeline import EncodedNeed, Matcher
from matcher.records import BorderPolicy, MatchList, MatchRequest, Need

POLICIES = (BorderPolicy(mode="neutral"), BorderPolicy(), BorderPolicy(mode="require"))
"""The default policy is the second: languages, categories and kinds are compared under it."""
OVERLAP_TARGET = 0.80
"""Mean rank-biased overlap between languages that is aimed at."""
_K = 10


def evaluate_samples(
    matcher: Matcher,
    needs: Sequence[Need],
    in_all_languages: Mapping[tuple[str, str], Need],
    judgements: Qrels,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Every figure of the report on the sample needs. A need that gets no list counts as zero in every mean.

    Settings of the engine were once chosen with these judgements: the figures compare variants and prove no quality.

    Args:
        matcher: the engine, over the directory that was judged.
        needs: as the companies wrote them, each with an id.
        in_all_languages: need and language → the need in that language.
        judgements: need → provider → grade.
        on_progress: called with needs encoded and needs in all.

    Raises:
        Refusal: there are no needs, or none is in two languages.
    """
    total = len(needs) + len(in_all_languages)
    encoded: list[EncodedNeed] = []
    for need in (*needs, *in_all_languages.values()):
        encoded.append(matcher.encode(need))
        on_progress(len(encoded), total)
    own, spoken = encoded[: len(needs)], dict(zip(in_all_languages, encoded[len(needs) :], strict=True))
    known = {need.need_id: judgements.get(need.need_id, {}) for need in needs}
    default = POLICIES[1]
    answers = {key: _answer(matcher, one, default) for key, one in spoken.items()}
    lists = {key: _ids(answer) for key, answer in answers.items()}
    # Of all policies the lists are of what the companies wrote, in their own words.
    by_policy = {_policy_name(policy): {one.need.need_id: _answer(matcher, one, policy) for one in own} for policy in POLICIES}
    ndcg = _ndcg(known, {need: _ids(answer) for need, answer in by_policy[_policy_name(default)].items()})
    providers = [provider.provider_id for provider in matcher.index.directory.providers]
    return {
        "needs": len(needs),
        "judgements": sum(len(grades) for grades in known.values()),
        "providers": len(providers),
        "default_policy": _policy_name(default),
        "engine": matcher.fingerprint,
        "policies": [{"policy": name, **_of_policy(known, found, providers)} for name, found in by_policy.items()],
        "languages": _by_language(known, lists),
        "overlap": _overlap(lists),
        "categories": _by_trait(needs, ndcg, lambda need: " or ".join(need.categories) or "any category"),
        "kinds": _by_trait(needs, ndcg, lambda need: need.kind or "not said"),
        "preferences": preference_costs(matcher, own, known),
        "by_need": ndcg,
    }


def _answer(matcher: Matcher, encoded: EncodedNeed, policy: BorderPolicy) -> MatchList:
    return matcher.match_encoded(encoded, MatchRequest(need=encoded.need, policy=policy, k=_K))


def _ids(answer: MatchList) -> list[str]:
    return [match.provider_id for match in answer.matches]


def _policy_name(policy: BorderPolicy) -> str:
    return f"favour, β = {policy.beta:g}" if policy.mode == "favour" else policy.mode


def _ndcg(known: Qrels, lists: Lists) -> dict[str, float]:
    return retrieval_measures(known, lists)["nDCG@10"]


def _mean(values: Sequence[float]) -> dict[str, float]:
    """Mean over needs with its interval, ready for JSON."""
    found = bootstrap_interval(values)
    return {"mean": found.mean, "low": found.low, "high": found.high}


def _of_policy(known: Qrels, answers: Mapping[str, MatchList], providers: Sequence[str]) -> dict[str, Any]:
    lists = {need: _ids(answer) for need, answer in answers.items()}
    found = retrieval_measures(known, lists)
    abroad = [
        cross_border_share([match.country for match in answer.matches], answer.request.need.country)
        for answer in answers.values()
    ]
    first = [float(any(match.cross_border for match in answer.matches[:1])) for answer in answers.values()]
    return {
        "answered": sum(bool(listed) for listed in lists.values()),
        **{name: _mean(list(found[name].values())) for name in ("nDCG@10", "judged@10")},
        "first across the border": _mean(first),
        "cross-border share@10": _mean(abroad),
        "exposure Gini": exposure_gini(lists, providers),
        "catalogue coverage": catalogue_coverage(lists, providers),
    }


def _by_language(known: Qrels, lists: Mapping[tuple[str, str], Sequence[str]]) -> list[dict[str, Any]]:
    rows = []
    for language in sorted({language for _, language in lists}):
        said = {need: listed for (need, spoken), listed in lists.items() if spoken == language}
        values = _ndcg({need: known.get(need, {}) for need in said}, said)
        rows.append({"language": language, "needs": len(said), "nDCG@10": _mean(list(values.values()))})
    return rows


def _overlap(lists: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, Any]:
    found = language_agreement(lists, _K)
    return {
        "mean": found.interval.mean,
        "low": found.interval.low,
        "high": found.interval.high,
        "target": OVERLAP_TARGET,
        "by_need": found.by_need,
        "pairs": [{"one": one, "other": other, "mean": mean} for (one, other), mean in found.by_pair.items()],
    }


def _by_trait(needs: Sequence[Need], ndcg: Mapping[str, float], trait: Callable[[Need], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[float]] = {}
    for need in needs:
        groups.setdefault(trait(need), []).append(ndcg[need.need_id])
    return [{"name": name, "needs": len(values), "nDCG@10": _mean(values)} for name, values in sorted(groups.items())]
