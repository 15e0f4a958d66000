"""Flows as ribbons from country to country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from service.programme.report_plots import COLOURS, WIDTH
from service.report.plots import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP = 0.035
"""Between two countries, as a share of the height."""
_EDGE = 0.035
"""Width of a country's bar."""


@dataclass(frozen=True)
class Ribbon:
    """So many from one to another."""

    start: str
    end: str
    count: int


def colours_of(countries: Sequence[str]) -> dict[str, str]:
    """A colour for each country, the same in every picture."""
    return {one: COLOURS[place % len(COLOURS)] for place, one in enumerate(sorted(set(countries)))}


def sankey(ribbons: Sequence[Ribbon], names: Mapping[str, str], colours: Mapping[str, str]) -> Figure:
    """Companies' countries to the left, providers' to the right, and a ribbon as wide as there are matches.

    Args:
        ribbons: at least one.
        names: of the countries.
        colours: of the companies' countries.
    """
    figure = Figure(figsize=(WIDTH, 4.6), layout="constrained")
    axes = figure.subplots()
    total = sum(one.count for one in ribbons)
    left, right = sorted({one.start for one in ribbons}), sorted({one.end for one in ribbons})
    starts = _tops(left, {key: sum(one.count for one in ribbons if one.start == key) / total for key in left})
    ends = _tops(right, {key: sum(one.count for one in ribbons if one.end == key) / total for key in right})
    for key in left:
        count = sum(one.count for one in ribbons if one.start == key)
        _country(axes, -_EDGE, starts[key], count, total, f"{names.get(key, key)} {count}", colours.get(key, GREY), "right")
    for key in right:
        count = sum(one.count for one in ribbons if one.end == key)
        _country(axes, 1.0, ends[key], count, total, f"{names.get(key, key)} {count}", colours.get(key, GREY), "left")
    for one in sorted(ribbons, key=lambda one: (one.start, one.end)):
        height = one.count / total
        _ribbon(axes, starts[one.start], ends[one.end], height, colours.get(one.start, GREY))
        if height > 0.028:
            axes.annotate(str(one.count), (0.02, starts[one.start] - height / 2), ha="left", va="center", fontsize=8)
            axes.annotate(str(one.count), (0.98, ends[one.end] - height / 2), ha="right", va="center", fontsize=8)
        starts[one.start] -= height
        ends[one.end] -= height
    axes.annotate("company in", (-_EDGE, 1), xytext=(0, 8), textcoords="offset points", ha="right", fontsize=9, color=GREY)
    axes.annotate("provider in", (1 + _EDGE, 1), xytext=(0, 8), textcoords="offset points", ha="left", fontsize=9, color=GREY)
    lowest = -_GAP * (max(len(left), len(right)) - 1)
    axes.set_xlim(-0.34, 1.34)
    axes.set_ylim(lowest - 0.02, 1.06)
    axes.set_axis_off()
    return figure


def _tops(keys: Sequence[str], shares: Mapping[str, float]) -> dict[str, float]:
    """Where each begins, from the top down."""
    tops, top = {}, 1.0
    for key in keys:
        tops[key] = top
        top -= shares[key] + _GAP
    return tops


def _country(axes: Axes, x: float, top: float, count: int, total: int, label: str, colour: str, side: str) -> None:
    height = count / total
    axes.add_patch(Rectangle((x, top - height), _EDGE, height, color=colour, linewidth=0))
    at = x - 0.012 if side == "right" else x + _EDGE + 0.012
    axes.annotate(label, (at, top - height / 2), ha=side, va="center", fontsize=9.5)


def _ribbon(axes: Axes, start: float, end: float, height: float, colour: str) -> None:
    corners = [
        (0.0, start), (0.5, start), (0.5, end), (1.0, end),
        (1.0, end - height), (0.5, end - height), (0.5, start - height), (0.0, start - height), (0.0, start),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, codes), facecolor=colour, alpha=0.45, linewidth=0))
