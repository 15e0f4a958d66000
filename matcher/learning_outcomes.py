"""Learning from what became of the matches: the log's steps as examples beside the benchmark's.

What a match teaches, by the last of its steps that is in force:

| last step in force | taken as |
|---|---|
| accepted, met, incentive granted, outcome | matched |
| declined: wrong field | not matched |
| declined for any other reason | left out: it speaks of time, terms or people, or the need itself was not understood |
| introduced | left out: still open |
| none: all were withdrawn | left out |

Whoever accepted saw that the provider has what is asked for, however the meeting went and whatever came of it.

A list holds only what the engine put first, and only what somebody tried has steps. So outcomes never replace the
benchmark, they are added to it (`with_outcomes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.learning import LEAST_MATCHES, Examples, TooLittle
from matcher.lifecycle import Step, in_force
from matcher.log import LoggedMatch, MatchLog, MatchQuery
from matcher.relevance import SIGNALS, RelevanceModel

Floats = NDArray[np.float64]
MATCHED = ("accepted", "met", "incentive granted", "outcome")
NOT_MATCHED = ("declined: wrong field",)
"""The only reason that says that the provider does not have what is asked for."""
OUTCOMES_COUNT = 10.0
"""Pairs of the benchmark that one outcome stands for: people said it about this directory and this programme, and there are
few. A choice, not a finding."""
LEAST_NOT_MATCHED = LEAST_MATCHES
"""As many as of the matched: what can be learned depends on the rarer of the two (Peduzzi et al. 1996)."""


@dataclass(frozen=True)
class LoggedExamples:
    """What the log teaches, and what it holds."""

    examples: Examples
    counts: dict[str, int]
    """Matches by their last step in force in words, those that teach nothing included; in order of the words."""
    without_signals: int
    """Matches that would teach, but come from lists that did not keep the model's signals (or kept those of another set)."""


def examples_of_log(log: MatchLog) -> LoggedExamples:
    """Each match whose last step in force speaks about relevance, as it stood when its list was given out.

    Signals are read back from the record, not computed anew: the directory has changed since. The offset is −ln of the
    number of providers that the directory had then, and the part `closeness` of the score, which the need as a whole decides.
    Every match stands for itself alone (weight 1).
    """
    steps: dict[int, list[Step]] = {}
    for step in log.steps():
        steps.setdefault(step.match_id, []).append(step)
    last = {match_id: _last_in_force(steps[match_id]) for match_id in sorted(steps)}
    speaking = {match_id: words for match_id, words in last.items() if words in MATCHED + NOT_MATCHED}
    signals: list[tuple[float, ...]] = []
    matched, offsets = [], []
    directory_of_list: dict[str, int] = {}
    for match_id, words in speaking.items():
        logged = _match_of(log, match_id)
        if len(logged.match.signals) != len(SIGNALS):
            continue
        if logged.list_id not in directory_of_list:
            directory_of_list[logged.list_id] = log.get(logged.list_id).answer.considered.directory
        signals.append(logged.match.signals)
        matched.append(words in MATCHED)
        closeness = sum(part.value for part in logged.match.parts if part.name == "closeness")
        offsets.append(closeness - np.log(directory_of_list[logged.list_id]))
    examples = Examples(
        signals=np.array(signals, dtype=np.float64).reshape(-1, len(SIGNALS)),
        matched=np.array(matched, dtype=np.bool_),
        offset=np.array(offsets, dtype=np.float64),
        weight=np.ones(len(matched)),
    )
    return LoggedExamples(examples, dict(sorted(Counter(last.values()).items())), len(speaking) - len(matched))


def _last_in_force(steps: Sequence[Step]) -> str:
    """Its kind, and the reason where it is declined: `declined: terms`. `withdrawn` where none is in force."""
    counted = in_force(steps)
    if not counted:
        return "withdrawn"
    return f"declined: {counted[-1].reason}" if counted[-1].kind == "declined" else counted[-1].kind


def outcomes_enough(logged: LoggedExamples) -> None:
    """Return if the log holds enough of both kinds.

    Raises:
        TooLittle: it does not; the refusal says how many there are and how many more are needed.
    """
    there = int(logged.examples.matched.sum())
    against = len(logged.examples) - there
    more, more_against = max(0, LEAST_MATCHES - there), max(0, LEAST_NOT_MATCHED - against)
    if not more and not more_against:
        return
    needed = " and ".join(
        f"{count} more {what}" for count, what in ((more, "accepted"), (more_against, "declined as wrong field")) if count
    )
    unusable = f" (and {logged.without_signals} without the model's signals)" if logged.without_signals else ""
    raise TooLittle(
        "match log to learn from",
        f"hold {LEAST_MATCHES} matches that were accepted and {LEAST_NOT_MATCHED} that were declined as wrong field",
        f"{there} and {against}{unusable}",
        f"Record {needed}: crossmatch log step. Until then learn from the benchmark alone.",
    )


def with_outcomes(
    benchmark: Examples, outcomes: Examples, model: RelevanceModel, *, outcomes_count: float = OUTCOMES_COUNT
) -> Examples:
    """The benchmark's examples and the log's together.

    The log's own share of matched pairs tells whom people introduced and of whom they told, not how often a provider
    matches. So its pairs are moved, all by the same log-odds, to where `model` expects just as many matched ones as there
    are: outcomes teach which signals tell the accepted from the declined, and the level stays the benchmark's.

    Args:
        benchmark: what `model` was fitted on.
        outcomes: of the log; matched ones and others (`outcomes_enough`).
        model: fitted on the benchmark alone.
        outcomes_count: pairs of the benchmark that one outcome stands for.
    """
    moved = replace(outcomes, offset=outcomes.offset + _level(outcomes, model), weight=outcomes.weight * outcomes_count)
    halves = (benchmark, moved)
    return Examples(
        signals=np.concatenate([half.signals for half in halves]),
        matched=np.concatenate([half.matched for half in halves]),
        offset=np.concatenate([half.offset for half in halves]),
        weight=np.concatenate([half.weight for half in halves]),
    )


def _level(outcomes: Examples, model: RelevanceModel) -> float:
    """What must be added to the log-odds for the model to expect as many matched pairs as there are."""
    from scipy.optimize import brentq

    weights = np.array([model.weights[name] for name in SIGNALS])
    log_odds = outcomes.signals @ weights + model.baseline + outcomes.offset
    share = float(outcomes.matched.mean())
    even = np.log(share) - np.log1p(-share)

    def surplus(level: float) -> float:
        return float((1.0 / (1.0 + np.exp(-(log_odds + level)))).mean()) - share

    # Where even the most probable pair is less so than the share, there are too few; and the other way round.
    return float(brentq(surplus, even - log_odds.max() - 1.0, even - log_odds.min() + 1.0, xtol=1e-9))


def _match_of(log: MatchLog, match_id: int) -> LoggedMatch:
    [found] = log.matches(MatchQuery(after=match_id - 1, limit=1))
    return found
