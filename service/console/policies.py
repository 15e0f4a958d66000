"""A need under one border policy after another: what each gains abroad, and what it costs in relevance."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.records import BorderPolicy, Match, MatchRequest
from service.desk import Desk

_BONUSES = tuple(number / 4 for number in range(13))
"""In log-odds, from none to 3."""


@dataclass(frozen=True)
class PolicyEffect:
    """What a policy makes of a need's list."""

    mode: str
    beta: float
    matches: tuple[Match, ...]
    abroad: float
    """Share of the list that lies across a border."""
    probability: float
    """Mean over the list: what the policy costs shows here."""
    is_asked: bool
    """The one that the list was made under."""


def policies_of(desk: Desk, request: MatchRequest) -> list[PolicyEffect]:
    """The list under each bonus, from none on, and under `require`. The need is encoded once; nothing goes on record."""
    encoded, contacts, off_lists = desk.matcher.encode(request.need), desk.contacts(request), desk.off_lists()
    policies = [BorderPolicy(mode="neutral")]
    policies += [BorderPolicy(mode="favour", beta=beta, floor=request.policy.floor) for beta in _BONUSES[1:]]
    policies.append(BorderPolicy(mode="require"))
    effects = []
    for policy in policies:
        answer = desk.matcher.match_encoded(encoded, request.model_copy(update={"policy": policy}), contacts, off_lists)
        judged = [match.probability for match in answer.matches if match.probability is not None]
        count = max(1, len(answer.matches))
        effects.append(
            PolicyEffect(
                mode=policy.mode,
                beta=policy.beta if policy.mode == "favour" else 0.0,
                matches=answer.matches,
                abroad=sum(match.cross_border for match in answer.matches) / count,
                probability=sum(judged) / max(1, len(judged)),
                is_asked=_same(policy, request.policy),
            )
        )
    return effects


def _same(one: BorderPolicy, other: BorderPolicy) -> bool:
    return one.mode == other.mode and (one.mode != "favour" or one.beta == other.beta)
