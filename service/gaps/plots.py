"""The plots of the gap analysis, each from plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from service.report.bar_rows import beside, quiet, wrapped
from service.report.plots import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    pass

_DARK = "#1c2026"
_WIDTH = 7.6
"""Inches, of every figure: they are as wide as the page."""
_LABEL = 40
"""Characters of a line of a label."""


@dataclass(frozen=True)
class Bar:
    """A share with its 95 % interval."""

    label: str
    share: float
    low: float
    high: float
    says: str
    """Written beside it."""
    is_sure: bool
    """Whether it is more than an anecdote."""


@dataclass(frozen=True)
class Cell:
    """How many of how many."""

    part: int
    whole: int


@dataclass(frozen=True)
class Row:
    """What needs of one language get."""

    label: str
    ordinary: Sequence[float]
    met: Sequence[float]
    unmet: Sequence[float]
    line: float


def bars(rows: Sequence[Bar], axis: str) -> Figure:
    """Horizontal bars from 0 with their intervals, the first on top; anecdotes are grey."""
    labels = [wrapped(row.label, _LABEL) for row in rows]
    figure = Figure(figsize=(_WIDTH, 0.9 + 0.44 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        colour = ORANGE if row.is_sure else GREY
        axes.barh(place, row.share, height=0.56, color=colour, alpha=0.75)
        axes.plot([row.low, row.high], [place, place], color=_DARK, linewidth=1.3, solid_capstyle="butt")
        beside(axes, row.says, place)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1.05 * max(row.high for row in rows))
    axes.set_xlabel(axis)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.3g}%")
    quiet(axes)
    return figure


def heat_map(cells: Mapping[tuple[str, str], Cell], rows: Sequence[str], columns: Sequence[str], least: int) -> Figure:
    """The share in colour, the numbers written in; what nobody asked for is left white.

    Args:
        cells: by row and column.
        rows: from the top.
        columns: from the left.
        least: cells of fewer are not coloured: their share says little.
    """
    figure = Figure(figsize=(_WIDTH, 1.1 + 0.42 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for down, row in enumerate(rows):
        for across, column in enumerate(columns):
            cell = cells.get((row, column))
            if cell is None:
                continue
            is_few = cell.whole < least
            # The darkest is left out, so that dark text can be read on all of them.
            colour, depth = (GREY, 0.1) if is_few else (ORANGE, 0.06 + 0.64 * cell.part / cell.whole)
            axes.fill_between([across, across + 1], down, down + 1, color=colour, alpha=depth, linewidth=0)
            axes.annotate(
                f"{cell.part} of {cell.whole}",
                (across + 0.5, down + 0.5),
                ha="center",
                va="center",
                fontsize=9,
                color="#3b4049" if is_few else _DARK,
            )
    for place in range(len(columns) + 1):
        axes.axvline(place, color="white", linewidth=2)
    for place in range(len(rows) + 1):
        axes.axhline(place, color="white", linewidth=2)
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    axes.set_xticks([place + 0.5 for place in range(len(columns))], columns)
    axes.set_yticks([place + 0.5 for place in range(len(rows))], rows)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("field sought")
    axes.set_ylabel("region that asks")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def distribution(rows: Sequence[Row], axis: str) -> Figure:
    """A row a language: above what ordinary needs get, below what the needs get, and the line that decides."""
    figure = Figure(figsize=(_WIDTH, 1.3 + 0.72 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        axes.plot(row.ordinary, [place - 0.2] * len(row.ordinary), "|", color=GREY, markersize=11, alpha=0.75)
        axes.plot(row.met, [place + 0.16] * len(row.met), "o", color=BLUE, markersize=6.5, alpha=0.55, markeredgewidth=0)
        axes.plot(row.unmet, [place + 0.16] * len(row.unmet), "D", color=ORANGE, markersize=6, alpha=0.75, markeredgewidth=0)
        axes.plot([row.line] * 2, [place - 0.42, place + 0.42], color=_DARK, linewidth=1.4)
        axes.annotate(
            f"{row.line:.2f}",
            (row.line, place - 0.42),
            xytext=(3, -1),
            textcoords="offset points",
            va="top",
            ha="left",
            fontsize=8,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )
    # In the legend once, whatever the rows hold.
    for mark, colour, legend in (("|", GREY, "ordinary need"), ("o", BLUE, "met"), ("D", ORANGE, "unmet")):
        axes.plot([], [], mark, color=colour, markersize=7, label=legend, linestyle="none")
    axes.plot([], [], color=_DARK, linewidth=1.4, label="the line")
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.55)
    axes.set_xlim(left=0)
    axes.margins(x=0.03)
    axes.set_xlabel(axis)
    quiet(axes)
    figure.legend(frameon=False, loc="outside lower center", ncols=4, fontsize=9)
    return figure
