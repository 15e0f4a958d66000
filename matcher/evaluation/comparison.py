"""Two evaluations of one benchmark, compared need by need. They may differ in encoder, model or settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from embeddings.errors import Refusal, shown
from matcher.evaluation.rankers import LEARNED
from matcher.evaluation.statistics import paired_difference

FORMAT = 1
"""Of `evaluation.json`."""
_WHAT = ("encoder", "model", "benchmark")
_MAKE = "Make it with crossmatch evaluate --out."

Evaluation = Mapping[str, Any]
"""What `evaluation.json` holds."""


class NotComparable(Refusal):
    """A file that is no evaluation, or one of other data."""


def checked_evaluation(content: object, name: str) -> dict[str, Any]:
    """The content, if it is that of an `evaluation.json` with all that a comparison needs.

    Args:
        content: as read from JSON.
        name: of the file, for the refusal.

    Raises:
        NotComparable: it is something else, or of another version.
    """
    if not isinstance(content, dict):
        raise NotComparable(f"file {name}", "be an evaluation", shown(content), _MAKE)
    if content.get("format") != FORMAT:
        found = shown(content.get("format")) if "format" in content else "none"
        raise NotComparable(f"format of {name}", f"be {FORMAT}, that of an evaluation", found, _MAKE)
    engine, cuts = content.get("engine"), content.get("cuts")
    wanted = f"name the {', '.join(_WHAT[:-1])} and {_WHAT[-1]}"
    if not isinstance(engine, dict) or not all(engine.get(part) for part in _WHAT):
        raise NotComparable(f"engine of {name}", wanted, shown(engine), _MAKE)
    if not isinstance(engine["benchmark"], dict):
        raise NotComparable(f"benchmark of {name}", "have fingerprints", shown(engine["benchmark"]), _MAKE)
    if not isinstance(cuts, list) or not cuts or not all(_is_cut(cut) for cut in cuts):
        raise NotComparable(f"cuts of {name}", "have a name, groups, and values by need", "something else", _MAKE)
    return content


def check_comparable(benchmark: Mapping[str, Any], cuts: Collection[str], other: Evaluation, name: str) -> None:
    """Refuse another benchmark or other cuts, before an evaluation is run for nothing.

    Args:
        benchmark: what names the benchmark of the evaluation that is to be compared.
        cuts: its cuts by name.
        other: what it is compared with; it may have more cuts.
        name: the other's file.

    Raises:
        NotComparable: with what differs.
    """
    ours, theirs = _fingerprints(benchmark), _fingerprints(other["engine"]["benchmark"])
    if theirs != ours:
        raise NotComparable(f"benchmark of {name}", f"be {ours}", theirs, "Evaluate both on one benchmark.")
    had = [cut["name"] for cut in other["cuts"]]
    missing = [cut for cut in cuts if cut not in had]
    if missing:
        remedy = "Choose the same cut for both with --cut."
        raise NotComparable(f"cuts of {name}", f"hold {shown(missing[0])}", ", ".join(map(repr, had)), remedy)


def compare(one: Evaluation, other: Evaluation, name: str, measured: str = LEARNED) -> dict[str, Any]:
    """How much better the first evaluation is than the second, need by need, in nDCG@10.

    Args:
        one: from `checked_evaluation`.
        other: the same.
        name: of the second, for reports and refusals.
        measured: the ranker whose values are compared.

    Raises:
        NotComparable: another benchmark, other cuts, or other needs in one of them.
    """
    check_comparable(one["engine"]["benchmark"], [cut["name"] for cut in one["cuts"]], other, name)
    theirs = {cut["name"]: cut for cut in other["cuts"]}
    return {
        "name": name,
        "measure": "nDCG@10",
        "ranker": measured,
        "engine": dict(other["engine"]),
        "cuts": [_compared(cut, theirs[cut["name"]], name, measured) for cut in one["cuts"]],
    }


def _fingerprints(benchmark: Mapping[str, Any]) -> str:
    """What two benchmarks have in common where they are one; under which name they lie says nothing."""
    return " and ".join(f"{part} {benchmark.get(part)}" for part in ("directory", "needs"))


def _compared(mine: Mapping[str, Any], theirs: Mapping[str, Any], name: str, measured: str) -> dict[str, Any]:
    ours, others = mine["by_need"][measured], theirs["by_need"][measured]
    if ours.keys() != others.keys():
        only = len(ours.keys() ^ others.keys())
        place = f"needs of {shown(mine['name'])} in {name}"
        raise NotComparable(place, "be the same in both", f"{only} that only one of them has", "Evaluate both anew.")
    one, other = list(ours.values()), [others[need] for need in ours]
    found = paired_difference(one, other, [mine["groups"][need] for need in ours])
    return {
        "name": mine["name"],
        "needs": len(one),
        "this": sum(one) / len(one),
        "other": sum(other) / len(other),
        "better": sum(a > b for a, b in zip(one, other, strict=True)),
        "worse": sum(a < b for a, b in zip(one, other, strict=True)),
        "difference": {
            "mean": found.interval.mean,
            "low": found.interval.low,
            "high": found.interval.high,
            "p_value": found.p_value,
        },
    }


def _is_cut(cut: object) -> bool:
    """Whether the cut has a name, and for each need of the learned relevance a number and a group."""
    if not isinstance(cut, dict) or not isinstance(cut.get("name"), str):
        return False
    by_need, groups = cut.get("by_need"), cut.get("groups")
    if not isinstance(by_need, dict) or not isinstance(groups, dict):
        return False
    values = by_need.get(LEARNED)
    if not isinstance(values, dict) or not values:
        return False
    return all(isinstance(value, int | float) and isinstance(groups.get(need), str) for need, value in values.items())
