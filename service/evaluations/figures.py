"""What a list of evaluations says of each: what was evaluated, and how good it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embeddings.errors import shown
from matcher.evaluation.comparison import NotComparable
from matcher.evaluation.rankers import LEARNED

MEASURE = "nDCG@10"
_EVALUATE = "Evaluate anew with crossmatch evaluate --out."


@dataclass(frozen=True)
class CutFigures:
    """Of one cut of the benchmark."""

    name: str
    needs: int
    mean: float
    """Of the learned relevance, in nDCG@10."""
    low: float
    high: float
    """Ends of its 95 % interval."""
    simple: str
    """The best of the rankers that a user could have instead."""
    simple_mean: float


@dataclass(frozen=True)
class MainFigures:
    """Of one evaluation."""

    encoder: str
    """Its name, without how it was made."""
    model: str
    """Fingerprint of the relevance model."""
    version: str
    """Of Crossmatch; empty where it is not told."""
    benchmark: str
    cuts: tuple[CutFigures, ...]


def main_figures(content: Mapping[str, Any], name: str) -> MainFigures:
    """The figures, from what `matcher.evaluation.comparison.checked_evaluation` let through.

    Args:
        content: what `evaluation.json` holds.
        name: of the file, for the refusal.

    Raises:
        NotComparable: it lacks figures that an evaluation has.
    """
    engine = content["engine"]
    try:
        return MainFigures(
            encoder=str(engine["encoder"]).partition(";")[0],
            model=str(engine["model"]),
            version=str(engine.get("versions", {}).get("crossmatch", "")),
            benchmark=str(engine["benchmark"].get("name", "")),
            cuts=tuple(map(_of_cut, content["cuts"])),
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise lacking(name, error) from error


def lacking(name: str, error: Exception) -> NotComparable:
    """The refusal of an evaluation that a report cannot be made of.

    Args:
        name: of the file.
        error: what went wrong where its figures were read.
    """
    found = f"none that is called {shown(error.args[0])}" if isinstance(error, KeyError) else f"others ({error})"
    wanted = "hold the figures that crossmatch evaluate of this version writes"
    return NotComparable(f"file {name}", wanted, found, _EVALUATE)


def _of_cut(cut: Mapping[str, Any]) -> CutFigures:
    learned, simple = cut["rankers"][LEARNED][MEASURE], str(cut["best_baseline"])
    return CutFigures(
        name=cut["name"],
        needs=int(cut["needs"]),
        mean=float(learned["mean"]),
        low=float(learned["low"]),
        high=float(learned["high"]),
        simple=simple,
        simple_mean=float(cut["rankers"][simple][MEASURE]["mean"]),
    )
