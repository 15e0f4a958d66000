"""The learned relevance: what retrieval's signals are worth in log-odds, as one readable file.

A logistic model (Cox 1958) over a handful of named signals. No weight is negative: more evidence, a better fit or an
old acquaintance never makes a provider less relevant. What it predicts is the probability that the provider is one
of the company's partners; the border policy comes on top of it (`matcher.ranking`) and has no part in that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import Refusal, shown
from matcher.grid import to_grid
from matcher.retrieval import Candidates
from matcher.surroundings import Surroundings

Floats = NDArray[np.float64]
FORMAT = 1
SIGNALS: dict[str, str] = {
    "text": "ln(1 + semantic + lexical): how strongly profile and evidence speak for it",
    "experience": "ln(1 + pieces of evidence): how much it did at all, fitting or not",
    "acquainted": "ln(1 + earlier projects together with the company)",
    "named_country": "1 where the need names the provider's country, which is not the company's own",
    "named_town": "1 where the need names the provider's town, abroad",
    "named_organisation": "1 where the need names the provider, abroad",
}
"""The feature set: name → what the number is. An artefact of another set is refused."""

PARTS = ("baseline", "closeness", "semantic", "lexical", "experience", "acquainted", "named")
"""What a provider's relevance is made of, in the order shown."""

_SPEAKING = ("semantic", "lexical", "acquainted", "named")
_NAMED = ("named_country", "named_town", "named_organisation")
REFIT = "Fit it anew: crossmatch train"


class ModelRefused(Refusal):
    """A file that is no relevance model of this version's signals."""


def signal_matrix(candidates: Candidates, around: Surroundings) -> Floats:
    """`(candidates, signals)` in the order of `SIGNALS`."""
    return np.column_stack(
        [
            np.log1p(candidates.semantic + candidates.lexical),
            np.log1p(candidates.pieces),
            np.log1p(around.acquainted),
            around.named_country,
            around.named_town,
            around.named_organisation,
        ]
    )


@dataclass(frozen=True)
class Relevance:
    """Log-odds of each candidate by part; every number lies on the grid, so that sums are exact."""

    parts: dict[str, Floats]

    @property
    def log_odds(self) -> Floats:
        """`(candidates,)` the sum of the parts."""
        total: Floats = np.sum(list(self.parts.values()), axis=0)
        return total

    @property
    def probability(self) -> Floats:
        """`(candidates,)` that the provider is one of the company's partners."""
        probability: Floats = 1.0 / (1.0 + np.exp(-self.log_odds))
        return probability

    @property
    def speaks(self) -> NDArray[np.bool_]:
        """`(candidates,)` whether anything about this need speaks for the provider; experience alone does not."""
        spoken: NDArray[np.bool_] = np.any([self.parts[name] > 0 for name in _SPEAKING], axis=0)
        return spoken


@dataclass(frozen=True)
class Closeness:
    """How probable it is that a need is one that the directory is for at all, by the best fit in it."""

    intercept: float
    slope: float
    """Log-odds a unit of cosine, never negative."""

    def log_probability(self, best_fit: NDArray[np.floating]) -> Floats:
        """Natural logarithm, at most 0: nearly 0 for a need of the directory's world, far below for one of another."""
        log_probability: Floats = -np.logaddexp(0.0, -(self.intercept + self.slope * np.asarray(best_fit, dtype=np.float64)))
        return log_probability


ALWAYS_CLOSE = Closeness(intercept=1e3, slope=0.0)


@dataclass(frozen=True)
class RelevanceModel:
    """Weights of the signals, and where they come from."""

    baseline: float
    """Log-odds of a provider for which nothing speaks, were it the only one. A need has a few partners however large the
    directory is, so each of n providers starts at `baseline` − ln n."""
    weights: dict[str, float]
    """Signal → log-odds a unit, never negative."""
    ordinary_experience: float = 0.0
    """Mean of the signal `experience` over those who matched, where the model was fitted."""
    closeness: Closeness = ALWAYS_CLOSE
    """Of the need as a whole. Its logarithm is a part of every candidate's log-odds: a provider matches if the need is one
    for this directory, and then with the probability that the rest says."""
    fitted_on: dict[str, Any] = field(default_factory=dict)
    """Data, its fingerprint, numbers of needs and pairs, last day."""

    def log_odds_without(self, strength: Floats, pieces: Floats, acquainted: Floats, experience_counts: float = 1.0) -> Floats:
        """What text, experience and acquaintance are worth together for providers with these numbers.

        Rounded part by part as `relevance` does, so that differences between the two are exact.
        """
        weights = self.weights
        return (
            to_grid(weights["text"] * np.log1p(strength))
            + to_grid(experience_counts * weights["experience"] * np.log1p(pieces))
            + to_grid(weights["acquainted"] * np.log1p(acquainted))
        )

    def _ordinary_experience(self, experience_counts: float) -> float:
        """Log-odds that a provider of ordinary experience is deprived of where experience does not count in full."""
        return (1.0 - experience_counts) * self.weights["experience"] * self.ordinary_experience

    def log_odds(
        self,
        signals: NDArray[np.floating],
        providers: NDArray[np.int64],
        best_fit: NDArray[np.floating] | None = None,
        *,
        experience_counts: float = 1.0,
    ) -> Floats:
        """`(needs, providers)` relevance of many needs at once, to the rounding of `relevance`.

        Args:
            signals: `(needs, providers, signals)` in the order of `SIGNALS`.
            providers: `(needs,)` how many the directory had for each need.
            best_fit: `(needs,)` see `Candidates.best_fit`; without it every need is taken for one of the directory's world.
            experience_counts: see `relevance`.
        """
        counted = self.weights | {"experience": experience_counts * self.weights["experience"]}
        weights = np.array([counted[name] for name in SIGNALS], dtype=signals.dtype)
        baseline = self.baseline - np.log(providers) + self._ordinary_experience(experience_counts)
        if best_fit is not None:
            baseline = baseline + self.closeness.log_probability(best_fit)
        total: Floats = signals @ weights + baseline[:, None]
        return total

    def relevance(
        self, candidates: Candidates, around: Surroundings, providers: int, *, experience_counts: float = 1.0
    ) -> Relevance:
        """Log-odds of the candidates, by part.

        Args:
            candidates: from retrieval, of one need or several.
            around: what else is known of them.
            providers: how many the directory has, filtered out or not: no filter may change a score.
            experience_counts: what the amount of evidence counts, relative to what was learned. What is taken from it
                goes to the baseline, as much as a provider of ordinary experience would have: probabilities stay right
                on average.
        """
        weights = self.weights
        baseline = self.baseline - np.log(providers) + self._ordinary_experience(experience_counts)
        strength = candidates.semantic + candidates.lexical
        text = to_grid(weights["text"] * np.log1p(strength))
        semantic = to_grid(text * np.divide(candidates.semantic, strength, out=np.zeros_like(strength), where=strength > 0))
        named = sum((weights[name] * getattr(around, name) for name in _NAMED), np.zeros(len(strength)))
        closeness = to_grid(self.closeness.log_probability(np.atleast_1d(candidates.best_fit)))
        return Relevance(
            {
                "baseline": np.full(len(strength), to_grid(np.float64(baseline))),
                "closeness": closeness[candidates.need],
                "semantic": semantic,
                "lexical": text - semantic,
                "experience": to_grid(experience_counts * weights["experience"] * np.log1p(candidates.pieces)),
                "acquainted": to_grid(weights["acquainted"] * np.log1p(around.acquainted)),
                "named": to_grid(named),
            }
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 over baseline and weights, shortened: what decides a list, not where it comes from."""
        written = json.dumps([self.baseline, self.ordinary_experience, asdict(self.closeness), sorted(self.weights.items())])
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    @property
    def as_json(self) -> str:
        """The artefact: one readable JSON text, the same for the same model."""
        signals = {
            name: {"weight": self.weights[name], "signal": meaning} for name, meaning in SIGNALS.items() if name in self.weights
        }
        content = {
            "format": FORMAT,
            "baseline": self.baseline,
            "ordinary_experience": self.ordinary_experience,
            "closeness": {"intercept": self.closeness.intercept, "slope": self.closeness.slope},
            "signals": signals,
            "fitted_on": self.fitted_on,
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def save(self, file: Path) -> None:
        """Write the artefact, all or nothing."""
        beside = file.with_name(f".{file.name}.new")
        beside.write_text(self.as_json, encoding="utf-8")
        beside.replace(file)

    @classmethod
    def load(cls, file: Path) -> RelevanceModel:
        """Read what `save` wrote.

        Raises:
            ModelRefused: the file is missing or no model, or was fitted on another set of signals.
        """
        place = f"relevance model {file}"
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            version = content["format"]
            weights = {str(name): float(entry["weight"]) for name, entry in content["signals"].items()}
            ordinary = float(content["ordinary_experience"])
            closeness = Closeness(float(content["closeness"]["intercept"]), float(content["closeness"]["slope"]))
            model = cls(float(content["baseline"]), weights, ordinary, closeness, dict(content["fitted_on"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ModelRefused(place, "be a readable model", shown(str(error), 120), REFIT) from error
        if version != FORMAT:
            raise ModelRefused(place, f"have format {FORMAT}", shown(version), REFIT)
        if list(weights) != list(SIGNALS):
            raise ModelRefused(place, f"have the signals {', '.join(SIGNALS)}", ", ".join(weights) or "none", REFIT)
        if not (np.isfinite(closeness.intercept) and closeness.slope >= 0):
            raise ModelRefused(place, "have a closeness that rises with the fit", shown(content["closeness"]), REFIT)
        wrong = [name for name, weight in weights.items() if not (np.isfinite(weight) and weight >= 0)]
        if wrong or not np.isfinite(model.baseline + model.ordinary_experience):
            found = f"{', '.join(wrong) or 'the baseline'} otherwise"
            raise ModelRefused(place, "have finite numbers and no negative weight", found, REFIT)
        return model
