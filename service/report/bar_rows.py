"""What plots with a row a label have in common: quiet axes, labels of two lines, and what is said beside a row."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE = "#d4d7dd"
"""Of grids."""


def quiet(axes: Axes) -> None:
    """Lines only where values are read off."""
    axes.grid(axis="x", color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def beside(axes: Axes, says: str, place: int, away: float = 6) -> None:
    """Beside the axes, where nothing that is drawn can run through it; `away` in points."""
    axes.annotate(
        says,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(away, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        annotation_clip=False,
    )


def wrapped(label: str, width: int) -> str:
    """At most two lines of so many characters."""
    return "\n".join(textwrap.wrap(label, width, max_lines=2, placeholder=" …"))
