"""How far two judges agree: if they do not, no measure on their judgements means anything."""

from __future__ import annotations

from dataclasses import dataclass

from embeddings.errors import Refusal
from matcher.evaluation.measures import Qrels
from matcher.evaluation.qrels import GRADES


@dataclass(frozen=True)
class Agreement:
    """Of two judges, on the pairs that both judged. 1 is perfect; for all but `raw`, 0 is what chance would give."""

    pairs: int
    """Judged by both."""
    raw: float
    """Share of the pairs with the same grade."""
    kappa: float | None
    """Cohen's kappa (Cohen 1960): every difference counts the same."""
    weighted_kappa: float | None
    """Cohen's kappa with quadratic weights (Cohen 1968): grades far apart count more."""
    alpha: float | None
    """Krippendorff's alpha for ordinal data (Krippendorff 2004, "Content Analysis", ch. 11)."""
    notes: tuple[str, ...] = ()
    """Why a number is missing."""


def agreement(one: Qrels, other: Qrels) -> Agreement:
    """Compare two judges' grades of the same pairs.

    Where both used a single grade, the same for all pairs, chance would have agreed as well: kappa and alpha are not defined
    and `None`.

    Raises:
        Refusal: no pair was judged by both.
    """
    common = [(need, provider) for need in sorted(one) for provider in sorted(one[need]) if provider in other.get(need, {})]
    if not common:
        raise Refusal(
            "judgements of two judges", "have a pair in common", "none", "Give both judges the same sheet, or part of it."
        )
    first = [one[need][provider] for need, provider in common]
    second = [other[need][provider] for need, provider in common]
    raw = sum(a == b for a, b in zip(first, second, strict=True)) / len(common)
    used = sorted({*first, *second})
    if len(used) == 1:
        note = f"Both gave nothing but grade {used[0]}: kappa and alpha are not defined."
        return Agreement(len(common), raw, None, None, None, (note,))
    # Here, because each takes up to a second to load.
    from sklearn.metrics import cohen_kappa_score

    grades = sorted(GRADES)
    alpha, notes = _ordinal_alpha(first, second)
    return Agreement(
        pairs=len(common),
        raw=raw,
        kappa=float(cohen_kappa_score(first, second, labels=grades)),
        weighted_kappa=float(cohen_kappa_score(first, second, labels=grades, weights="quadratic")),
        alpha=alpha,
        notes=notes,
    )


def _ordinal_alpha(first: list[int], second: list[int]) -> tuple[float | None, tuple[str, ...]]:
    """Krippendorff's alpha, or a note where the package for it is not installed: it is an extra, for its licence."""
    try:
        import krippendorff
    except ImportError:
        return None, ("Krippendorff's alpha needs another package: pip install 'crossmatch[judging]'",)
    return float(krippendorff.alpha([first, second], level_of_measurement="ordinal")), ()
