"""Runs that were kept, and whether a figure of today is worse than the last kept one by more than the noise.

A kept run is a small JSON file in `benchmarks/kept/`: figure → the values of its rounds. Two runs differ by more than the
noise where the ratio of their medians is further from 1 than both spreads together explain, and by 5 % at least: below
that, a machine is not the same from one hour to the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

from embeddings.errors import Refusal

FOLDER = Path(__file__).resolve().parent.parent / "kept"
LEAST_NOISE = 0.05
_QUARTERS = 4

Better = Literal["less", "more"]
Figures = Mapping[str, Sequence[float]]
"""Figure → its value in each round."""


@dataclass(frozen=True)
class Change:
    """A figure beside its last kept one."""

    figure: str
    before: float
    now: float
    noise: float
    """By which share two medians may differ without meaning anything."""
    better: Better

    @property
    def ratio(self) -> float:
        """Now over before."""
        return self.now / self.before

    @property
    def worse(self) -> bool:
        """Whether it got worse by more than the noise."""
        return self.ratio > 1 + self.noise if self.better == "less" else self.ratio < 1 / (1 + self.noise)

    def __str__(self) -> str:
        return f"{self.figure}: {self.ratio:.2f} times the last kept run's {self.before:.4g} (noise {self.noise:.0%})"


def spread(values: Sequence[float]) -> float:
    """Half the distance between the quartiles, as a share of the median; of fewer than four values, between the extremes.

    Raises:
        Refusal: there is no value, or one is not positive.
    """
    if not values or min(values) <= 0:
        raise Refusal("figure of a run", "have positive values", str(list(values)), "Leave it out where nothing was measured.")
    ordered = sorted(values)
    cut = len(ordered) // _QUARTERS
    return (ordered[len(ordered) - 1 - cut] - ordered[cut]) / 2 / median(ordered)


def changes(before: Figures, now: Figures, better: Mapping[str, Better]) -> list[Change]:
    """Every figure that both runs have.

    Args:
        before: the last kept run.
        now: this one.
        better: which way each figure is better; what is not named is better when it is less.
    """
    return [
        Change(
            figure,
            median(before[figure]),
            median(values),
            max(LEAST_NOISE, spread(before[figure]) + spread(values)),
            better.get(figure, "less"),
        )
        for figure, values in now.items()
        if figure in before
    ]


def last_kept(name: str, folder: Path = FOLDER) -> Figures:
    """The figures of the last kept run of that name; none where there is no run.

    Raises:
        Refusal: the file is none of a kept run.
    """
    file = folder / f"{name}.json"
    if not file.is_file():
        return {}
    try:
        figures: Figures = json.loads(file.read_text(encoding="utf-8"))["figures"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"kept run {file}", "be JSON with figures", str(error), "Remove it and keep another run.") from error
    return figures


def keep(name: str, about: str, figures: Figures, folder: Path = FOLDER) -> None:
    """Keep this run in place of the last one, in four digits."""
    folder.mkdir(exist_ok=True)
    told = {figure: [float(f"{value:.4g}") for value in values] for figure, values in figures.items()}
    content = json.dumps({"about": about, "figures": told}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(content + "\n", encoding="utf-8")


def verdict(name: str, now: Figures, better: Mapping[str, Better], folder: Path = FOLDER) -> str:
    """What stands under a table: which figures got worse since the last kept run."""
    found = changes(last_kept(name, folder), now, better)
    if not found:
        return "No earlier run was kept to compare with."
    worse = [str(change) for change in found if change.worse]
    if not worse:
        return f"Against the last kept run, none of {len(found)} figures got worse by more than the noise."
    return "\n".join(["Worse than in the last kept run, by more than the noise:", "", *(f"- **{line}**" for line in worse)])
