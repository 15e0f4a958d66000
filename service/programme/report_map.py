"""The map of the report: regions as circles in the middle of their providers, matches between them as arcs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from service.programme.report_plots import DARK, WIDTH
from service.report.plots import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDEST, _THINNEST = 9.0, 0.9
"""Points, of the strongest arc and the weakest."""
_MARGIN = 0.8
"""Degrees around the outermost regions."""
_TALLEST, _LOWEST = 8.5, 3.0
"""Inches."""
_LABELS = 1.75
"""Inches to each side, for the names: there no arc can run through them."""
_LINE_OF_LABEL = 0.17
"""Inches."""


@dataclass(frozen=True)
class Spot:
    """A region on the map."""

    region_id: str
    name: str
    country: str
    latitude: float
    longitude: float
    count: int
    """Decides how large its circle is."""


@dataclass(frozen=True)
class Arc:
    """So many matches from companies of one region to providers of another."""

    start: str
    end: str
    count: int


@dataclass(frozen=True)
class _Frame:
    """What of the earth is shown."""

    south: float
    north: float
    west: float
    east: float

    @property
    def stretch(self) -> float:
        """How much longer a degree of latitude is than one of longitude here."""
        return 1 / math.cos(math.radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        """Inches of the map between the names."""
        wide = WIDTH - 2 * _LABELS
        return min(_TALLEST, max(_LOWEST, wide * (self.north - self.south) * self.stretch / (self.east - self.west)))

    def holds(self, place: tuple[float, float]) -> bool:
        """Whether a latitude and longitude lie within."""
        return self.south <= place[0] <= self.north and self.west <= place[1] <= self.east


def region_map(
    spots: Sequence[Spot], places: Sequence[tuple[float, float]], arcs: Sequence[Arc], colours: Mapping[str, str]
) -> Figure:
    """Regions with their names at the side, and arcs that are wider and darker where there are more matches.

    Args:
        spots: regions, at least one.
        places: latitude and longitude of providers: small dots that show where the countries lie.
        arcs: from one of the regions to another.
        colours: of the countries.
    """
    frame = _Frame(
        min(one.latitude for one in spots) - _MARGIN,
        max(one.latitude for one in spots) + _MARGIN,
        min(one.longitude for one in spots) - _MARGIN,
        max(one.longitude for one in spots) + _MARGIN,
    )
    figure = Figure(figsize=(WIDTH, frame.height + 0.75))
    bottom = 0.4 / (frame.height + 0.75)
    axes = figure.add_axes((_LABELS / WIDTH, bottom, 1 - 2 * _LABELS / WIDTH, frame.height / (frame.height + 0.75)))
    near = [one for one in places if frame.holds(one)]
    axes.scatter([one for _, one in near], [one for one, _ in near], s=6, color="#c3c8d0", linewidths=0)
    most = max((one.count for one in arcs), default=1)
    by_id = {one.region_id: one for one in spots}
    for arc in sorted(arcs, key=lambda one: one.count):
        _draw_arc(axes, by_id[arc.start], by_id[arc.end], arc.count / most, colours)
    largest = max(one.count for one in spots) or 1
    for spot in spots:
        colour, size = colours.get(spot.country, GREY), 60 + 200 * spot.count / largest
        axes.scatter([spot.longitude], [spot.latitude], s=size, color=colour, edgecolors="white", linewidths=1.6, zorder=4)
    middle = (frame.west + frame.east) / 2
    _names(axes, frame, [one for one in spots if one.longitude < middle], to_left=True)
    _names(axes, frame, [one for one in spots if one.longitude >= middle], to_left=False)
    axes.set_xlim(frame.west, frame.east)
    axes.set_ylim(frame.south, frame.north)
    axes.set_aspect(frame.stretch)
    axes.set_axis_off()
    if arcs:
        shown = sorted({1, max(1, round(most / 2)), most})
        lines = [Line2D([], [], color=GREY, linewidth=_width(one / most), alpha=_depth(one / most)) for one in shown]
        labels = [f"{one} match" if one == 1 else f"{one} matches" for one in shown]
        figure.legend(lines, labels, frameon=False, loc="lower center", ncols=len(shown), fontsize=9)
    return figure


def _width(part: float) -> float:
    return max(_THINNEST, _WIDEST * part)


def _depth(part: float) -> float:
    return 0.35 + 0.45 * part


def _draw_arc(axes: Axes, start: Spot, end: Spot, part: float, colours: Mapping[str, str]) -> None:
    width = _width(part)
    head = f"head_width={width + 5:.2f},head_length={0.7 * width + 5:.2f}"
    axes.add_patch(
        FancyArrowPatch(
            (start.longitude, start.latitude),
            (end.longitude, end.latitude),
            # To the right of who goes there, so that there and back lie side by side.
            connectionstyle="arc3,rad=0.22",
            arrowstyle=f"simple,tail_width={width:.2f},{head}",
            shrinkA=4,
            shrinkB=9,
            mutation_scale=1,
            color=colours.get(start.country, GREY),
            alpha=_depth(part),
            linewidth=0,
            zorder=2 + part,
        )
    )


def _names(axes: Axes, frame: _Frame, spots: Sequence[Spot], *, to_left: bool) -> None:
    """One below the other at the side, each as near to its region's height as the others let it."""
    ordered = sorted(spots, key=lambda one: -one.latitude)
    texts = ["\n".join([*textwrap.wrap(one.name, 22, max_lines=3, placeholder=" …"), f"{one.count}"]) for one in ordered]
    heights = [_LINE_OF_LABEL * (text.count("\n") + 1) / frame.height for text in texts]
    wanted = [(one.latitude - frame.south) / (frame.north - frame.south) for one in ordered]
    for spot, text, at in zip(ordered, texts, _apart(wanted, heights), strict=True):
        axes.annotate(
            text,
            (spot.longitude, spot.latitude),
            xytext=(-0.02 if to_left else 1.02, at),
            textcoords="axes fraction",
            ha="right" if to_left else "left",
            va="center",
            fontsize=8.5,
            color=DARK,
            annotation_clip=False,
            zorder=3.5,
            arrowprops={"arrowstyle": "-", "color": "#8a8f98", "linewidth": 0.7, "shrinkA": 2, "shrinkB": 8},
        )


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places from the top down, as near to the wanted ones as room allows, that do not overlap."""
    down = list(wanted)
    for number in range(1, len(down)):
        least = (heights[number - 1] + heights[number]) / 2 + 0.015
        down[number] = min(down[number], down[number - 1] - least)
    up = list(wanted)
    for number in range(len(up) - 2, -1, -1):
        least = (heights[number + 1] + heights[number]) / 2 + 0.015
        up[number] = max(up[number], up[number + 1] + least)
    # Both keep them apart, and so does the middle between them, which is nearer to what is wanted.
    return [(one + other) / 2 for one, other in zip(down, up, strict=True)]
