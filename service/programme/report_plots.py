"""The plots of counts, shares and budgets, from plain numbers. Colours can be told apart by everybody (Okabe & Ito 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from service.report.bar_rows import beside, quiet, wrapped
from service.report.plots import BLUE, GREEN, GREY, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

YELLOW, SKY, PURPLE = "#e69f00", "#56b4e9", "#aa4499"
COLOURS = (BLUE, YELLOW, GREEN, PURPLE, SKY, ORANGE, GREY)
PALE = "#dfe3e8"
DARK = "#1c2026"
WIDTH = 7.6
"""Inches, of every figure: they are as wide as the page."""
_LABEL = 30
"""Characters of a line of a label."""


@dataclass(frozen=True)
class Part:
    """What a stacked bar is made of."""

    name: str
    colour: str
    values: Sequence[float]
    """One a bar."""


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval, where there is one."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    says: str
    """Written beside it."""
    is_sure: bool
    """Whether it is of more than a few."""


@dataclass(frozen=True)
class Stage:
    """One bar of the funnel."""

    label: str
    count: int
    says: str
    """Written beside it."""


def marked(figure: Figure, mark: str) -> Figure:
    """The figure with a mark at its top, where there is one."""
    if mark:
        figure.suptitle(mark, x=0.995, ha="right", fontsize=10, fontweight="bold", color=ORANGE)
    return figure


def stacked(
    labels: Sequence[str],
    parts: Sequence[Part],
    says: Sequence[str],
    axis: str,
    *,
    written: str = "{:.0f}",
    least: float = 0.045,
) -> Figure:
    """Horizontal bars of several parts, the first on top; what is wide enough has its number written in.

    Args:
        labels: of the bars.
        parts: from left to right.
        says: what stands beside each bar.
        axis: what the length tells.
        written: how a number is written.
        least: share of the longest bar that has room for a number.
    """
    figure = Figure(figsize=(WIDTH, 1.25 + 0.42 * len(labels)), layout="constrained")
    axes = figure.subplots()
    left = [0.0] * len(labels)
    longest = max((sum(part.values[place] for part in parts) for place in range(len(labels))), default=0.0) or 1.0
    for part in parts:
        axes.barh(range(len(labels)), part.values, left=left, height=0.62, color=part.colour, label=part.name)
        for place, value in enumerate(part.values):
            if value >= least * longest:
                ink = "white" if part.colour in (BLUE, GREEN, ORANGE, GREY, PURPLE) else DARK
                middle = left[place] + value / 2
                axes.annotate(written.format(value), (middle, place), ha="center", va="center", fontsize=8.5, color=ink)
        left = [before + value for before, value in zip(left, part.values, strict=True)]
    for place, said in enumerate(says):
        beside(axes, said, place, 10)
    _rows(axes, labels)
    axes.set_xlim(0, longest * 1.02)
    axes.set_xlabel(axis)
    quiet(axes)
    figure.legend(frameon=False, loc="outside lower center", ncols=len(parts), fontsize=9)
    return figure


def funnel(before: Sequence[Stage], after: Sequence[Stage]) -> Figure:
    """Two parts, each with a scale of its own: what stands on lists is far more than whom somebody introduced."""
    rows = len(before) + len(after)
    figure = Figure(figsize=(WIDTH, 1.5 + 0.46 * rows), layout="constrained")
    both = figure.subplots(2, 1, height_ratios=[len(before) + 0.4, len(after) + 0.4])
    for axes, stages, colour in zip(both, (before, after), (GREY, BLUE), strict=True):
        counts = [one.count for one in stages]
        axes.barh(range(len(stages)), counts, height=0.66, color=colour)
        for place, one in enumerate(stages):
            axes.annotate(
                f"{one.count:,}  {one.says}".rstrip(),
                (one.count, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        _rows(axes, [one.label for one in stages])
        # Room for what is written beside the longest.
        axes.set_xlim(0, 1.75 * max(counts, default=0) or 1.0)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        quiet(axes)
    both[0].set_title("On match lists: each match counts", loc="left", fontsize=9.5)
    both[1].set_title("From the introduction on: each company and provider counts once", loc="left", fontsize=9.5)
    return figure


def estimates(rows: Sequence[Estimate], axis: str) -> Figure:
    """Dots with 95 % intervals from 0 to 100 %, the first on top; those of few are grey and hollow."""
    figure = Figure(figsize=(WIDTH, 1.0 + 0.38 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        colour = BLUE if row.is_sure else GREY
        if row.value is not None and row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2.2, alpha=0.55, solid_capstyle="round")
            face = colour if row.is_sure else "white"
            axes.plot([row.value], [place], "o", color=colour, markerfacecolor=face, markersize=7, clip_on=False, zorder=3)
        beside(axes, row.says, place, 10)
    _rows(axes, [row.label for row in rows])
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}%")
    axes.set_xlabel(axis)
    quiet(axes)
    return figure


def _rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [wrapped(label, _LABEL) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
