"""The plots of the report, each from plain numbers. Colours can be told apart by everybody (Okabe & Ito 2008)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#007a5a", "#6b7280"
_LINE = "#d4d7dd"
_WIDTH = 7.6
"""Inches, of every figure: they are as wide as the page."""


@dataclass(frozen=True)
class Dot:
    """A mean with its interval; the interval may be the mean alone."""

    label: str
    mean: float
    low: float
    high: float
    colour: str = GREY


@dataclass(frozen=True)
class Point:
    """A setting: where it stands, how sure its height is, and its mark."""

    label: str
    x: float
    y: float
    low: float
    high: float
    colour: str = BLUE
    mark: str = "o"
    legend: str = ""


@dataclass(frozen=True)
class Bin:
    """Pairs of like probability."""

    predicted: float
    matched: float


@dataclass(frozen=True)
class Panel:
    """One of several dot plots side by side, with the same rows or its own."""

    dots: Sequence[Dot]
    axis: str
    line_at: float | None = None
    line_says: str = ""
    starts_at: float | None = 0.0
    ends_at: float | None = None
    written: str = "{:.3f}"
    """How a mean is written beside its dot."""


def dot_plot(*panels: Panel) -> Figure:
    """Horizontal dots with 95 % intervals, the first row on top; the numbers stand beside them."""
    rows = max(len(panel.dots) for panel in panels)
    figure = Figure(figsize=(_WIDTH, 0.8 + 0.3 * rows), layout="constrained")
    labels: list[str] = []
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _draw_dots(axes, panel)
        before, labels = labels, [dot.label for dot in panel.dots]
        if labels == before:
            axes.set_yticklabels([])
    return figure


def _draw_dots(axes: Axes, panel: Panel) -> None:
    for row, dot in enumerate(panel.dots):
        axes.plot([dot.low, dot.high], [row, row], color=dot.colour, linewidth=2.2, alpha=0.55, solid_capstyle="round")
        axes.plot([dot.mean], [row], "o", color=dot.colour, markersize=6.5, clip_on=False, zorder=3)
        value = panel.written.format(dot.mean).replace("-", "−")
        # Beside the axes, where no line can run through it.
        axes.annotate(
            value,
            (1, row),
            xycoords=("axes fraction", "data"),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=dot.colour,
            annotation_clip=False,
        )
    axes.set_yticks(range(len(panel.dots)), [dot.label for dot in panel.dots])
    axes.set_ylim(len(panel.dots) - 0.5, -0.5)
    axes.set_xlabel(panel.axis)
    axes.grid(axis="x", color=_LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if panel.starts_at is not None:
        axes.set_xlim(left=panel.starts_at)
    if panel.ends_at is not None:
        axes.set_xlim(right=panel.ends_at)
    if panel.line_at is not None:
        axes.axvline(panel.line_at, color="#1c2026", linewidth=1, linestyle=(0, (4, 3)), zorder=0.5)
        if panel.line_says:
            axes.annotate(
                panel.line_says,
                (panel.line_at, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=8.5,
            )


def trade_off(points: Sequence[Point], x_axis: str, y_axis: str, *, joined: str, x_as_percent: bool = False) -> Figure:
    """Points with interval bars, labelled above the axes so that no label can cover a point.

    Args:
        points: those with the mark `joined` are joined by a line, in their order.
        x_axis: what goes to the right.
        y_axis: what goes up.
        joined: a mark.
        x_as_percent: whether x is a share.
    """
    figure = Figure(figsize=(_WIDTH, 4.6), layout="constrained")
    axes = figure.subplots()
    line = [point for point in points if point.mark == joined]
    axes.plot([point.x for point in line], [point.y for point in line], color=BLUE, linewidth=1.2, alpha=0.6)
    seen: set[str] = set()
    for point in points:
        axes.plot([point.x, point.x], [point.low, point.high], color=point.colour, linewidth=1.6, alpha=0.35)
        named = point.legend if point.legend not in seen else ""
        seen.add(point.legend)
        hollow = point.mark != joined
        axes.plot(
            [point.x],
            [point.y],
            point.mark,
            color=point.colour,
            markersize=9 if hollow else 6.5,
            markerfacecolor="none" if hollow else point.colour,
            markeredgewidth=1.6,
            label=named or "_",
            linestyle="none",
        )
    axes.set_xlabel(x_axis)
    axes.set_ylabel(y_axis)
    axes.margins(x=0.06, y=0.06)
    axes.grid(color=_LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    if x_as_percent:
        axes.xaxis.set_major_formatter(lambda value, _: f"{round(100 * value, 1):g}%" if value <= 1 else "")
    _label_above(axes, points)
    if any(seen):
        figure.legend(frameon=False, loc="outside lower center", ncols=3, fontsize=9)
    return figure


def _label_above(axes: Axes, points: Sequence[Point]) -> None:
    """Slanted labels on top of the axes; points that stand at nearly one place share a label, and labels keep apart."""
    left, right = axes.get_xlim()
    least = 0.04 * (right - left)
    groups: list[list[Point]] = []
    for point in sorted(points, key=lambda point: point.x):
        if groups and point.x - groups[-1][0].x < least / 4:
            groups[-1].append(point)
        else:
            groups.append([point])
    at = [group[0].x for group in groups]
    to_left, to_right = list(at), list(at)
    for number in range(1, len(at)):
        to_right[number] = max(to_right[number], to_right[number - 1] + least)
        to_left[-1 - number] = min(to_left[-1 - number], to_left[-number] - least)
    # Both keep labels apart, and so does the middle between them, which is nearer to the points.
    places = [(one + other) / 2 for one, other in zip(to_left, to_right, strict=True)]
    for group, x, label_x in zip(groups, at, places, strict=True):
        axes.annotate(
            ", ".join(point.label for point in group).replace(", β ", ", "),
            (x, 1),
            xycoords=("data", "axes fraction"),
            xytext=(label_x, 1.06),
            textcoords=("data", "axes fraction"),
            rotation=40,
            rotation_mode="anchor",
            ha="left",
            va="center",
            fontsize=8.5,
            arrowprops={"arrowstyle": "-", "color": "#8a8f98", "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0)},
            annotation_clip=False,
        )


def reliability(found: Mapping[str, Sequence[Bin]]) -> Figure:
    """How often it came true against what was said, one panel a set of predictions; the diagonal is being right."""
    figure = Figure(figsize=(_WIDTH, 3.9), layout="constrained")
    for axes, (name, bins) in zip(figure.subplots(1, len(found), squeeze=False)[0], found.items(), strict=True):
        values = [value for one in bins for value in (one.predicted, one.matched) if value > 0]
        # Nearly all candidates have tiny probabilities: only powers of ten show them all.
        by_powers = bool(values) and median(one.predicted for one in bins) < 0.01
        low = min(values) / 1.6 if by_powers else 0.0
        high = max(values, default=1.0) * (1.6 if by_powers else 1.08)
        axes.plot([low, high], [low, high], color="#1c2026", linewidth=1, linestyle=(0, (4, 3)))
        never = [one.predicted for one in bins if one.matched <= low]
        there = [one for one in bins if one.matched > low]
        axes.plot([one.predicted for one in there], [one.matched for one in there], "o", color=BLUE, markersize=6)
        if by_powers:
            axes.set_xscale("log")
            axes.set_yscale("log")
        axes.set_xlim(low, high)
        axes.set_ylim(low, high)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("probability given")
        axes.set_ylabel("share that were partners")
        axes.grid(color=_LINE, linewidth=0.7)
        axes.xaxis.set_major_formatter(_as_percent)
        axes.yaxis.set_major_formatter(_as_percent)
        axes.minorticks_off()
        if never:
            axes.plot(never, [low] * len(never), "v", color=ORANGE, markersize=7, clip_on=False, label="never true")
            axes.legend(frameon=False, loc="upper left", fontsize=9)
    return figure


def _as_percent(value: float, _: int | None = None) -> str:
    return "0" if value == 0 else f"{100 * value:.3g}%"


def heat_map(counts: Sequence[Sequence[tuple[int, int]]], rows: Sequence[str], columns: Sequence[str]) -> Figure:
    """Two numbers a cell, how often shown and how often right; the more often shown, the darker.

    Args:
        counts: row by row.
        rows: their names, from the top.
        columns: their names.
    """
    figure = Figure(figsize=(_WIDTH, 1.5 + 0.36 * len(rows)), layout="constrained")
    axes = figure.subplots()
    most = max((shown for row in counts for shown, _ in row), default=1) or 1
    # By square roots: a few pairs are shown far more often than all others.
    shade = [[math.sqrt(shown / most) for shown, _ in row] for row in counts]
    # The darkest blues are left out, so that dark text can be read on all of them.
    axes.pcolormesh(shade, cmap="Blues", vmin=0, vmax=1.6, edgecolors="white", linewidth=1.2)
    for row, cells in enumerate(counts):
        for column, (shown, right) in enumerate(cells):
            if shown:
                place = (column + 0.5, row + 0.5)
                axes.annotate(f"{shown} / {right}", place, ha="center", va="center", fontsize=7.2)
    axes.set_xticks([place + 0.5 for place in range(len(columns))], columns, rotation=40, ha="left", rotation_mode="anchor")
    axes.set_yticks([place + 0.5 for place in range(len(rows))], rows)
    axes.invert_yaxis()
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("provider's country")
    axes.set_ylabel("company's country")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure
