"""What the page is made of: sections with pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.report.svg import inline_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Data = Mapping[str, Any]
"""A piece of `evaluation.json`."""


@dataclass(frozen=True)
class Picture:
    """A plot and what one sees in it."""

    name: str
    """Letters and hyphens, one of its own on the page."""
    title: str
    svg: str
    """From `service.report.svg.inline_svg`."""
    says: str
    """One sentence in plain words."""


@dataclass(frozen=True)
class Table:
    """Cells as text; the first of each row names the row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False
    """Whether it is long, and shown only when asked for."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    name: str
    title: str
    intro: Sequence[str] = ()
    parts: Sequence[Picture | Table] = field(default_factory=tuple)


def picture(figure: Figure, name: str, title: str, says: str) -> Picture:
    """The figure as it stands on the page."""
    return Picture(name, title, inline_svg(figure, name, title), says)


def means(found: Data) -> tuple[float, float, float]:
    """Mean and both ends of its 95 % interval."""
    return found["mean"], found["low"], found["high"]


def number(value: float) -> str:
    """Three digits, as quality is given everywhere."""
    return f"{value:.3f}"


def percent(value: float) -> str:
    """A share; more digits where there is little of it or little missing."""
    if 0 < value < 0.01:
        return f"{value:.2%}"
    return f"{value:.1%}" if 0 < value < 0.1 or 0.99 < value < 1 else f"{value:.0%}"


def interval(found: Data) -> str:
    """A mean with its 95 % interval."""
    return f"{found['mean']:.3f} ({found['low']:.3f}–{found['high']:.3f})"


def change(found: Data) -> str:
    """A difference with its 95 % interval."""
    signed = [f"{found[name]:+.3f}".replace("-", "−") for name in ("mean", "low", "high")]
    return f"{signed[0]} ({signed[1]} to {signed[2]})"


def chance(found: Data) -> str:
    """What the p-value of a difference says."""
    value = found["p_value"]
    return "p\u00a0<\u00a00.001" if value < 0.001 else f"p\u00a0=\u00a0{value:.3f}"


def is_more_than_chance(found: Data) -> bool:
    """Whether the 95 % interval of a difference leaves zero out."""
    return bool(found["low"] > 0 or found["high"] < 0)
