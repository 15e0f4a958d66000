"""Figures as SVG within a page: text stays text, each has a title and ids of its own, and the same figure the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "crossmatch",
    "svg.fonttype": "none",
    # A name with dollars in it is a name, not a formula.
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a8f98",
    "axes.labelcolor": "#3b4049",
    "xtick.color": "#3b4049",
    "ytick.color": "#1c2026",
    "text.color": "#1c2026",
}
_FONT = "'Segoe UI', system-ui, 'Helvetica Neue', Arial, sans-serif"
"""Those of the page; all run narrower than DejaVu Sans, by which the places are computed."""


_DRAWING = Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """The style of all figures: the whole page is made within it. One page at a time: the style is the whole program's."""
    with _DRAWING, mpl.rc_context(_STYLE):
        yield


def inline_svg(figure: Figure, name: str, title: str) -> str:
    """The figure as an `<svg>` element of an HTML page, without addresses of any kind.

    Args:
        figure: made within `drawing()`, as this is called.
        name: put before every id, so that two figures of a page never share one.
        title: read out instead of the picture.
    """
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None})
    root = ET.fromstring(written.getvalue())  # noqa: S314  (our own)
    for element in list(root.iter()):
        for child in list(element):
            # The style would count for the whole page; what it says is said on the root below.
            if child.tag.startswith(f"{_SVG}style") or child.tag.startswith(f"{_SVG}metadata"):
                element.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        attributes = {key.removeprefix(_XLINK): _renamed(key, value, name) for key, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update(attributes)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    label = f"{name}-title"
    heading = ET.Element("title", {"id": label})
    heading.text = title
    root.insert(0, heading)
    root.attrib.update({"role": "img", "aria-labelledby": label, "style": "stroke-linejoin: round; stroke-linecap: butt"})
    return ET.tostring(root, encoding="unicode")


def _renamed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key.endswith("href"):
        return re.sub(r"^#", f"#{name}-", value)
    if key == "style":
        value = value.replace("'DejaVu Sans'", _FONT)
    return value.replace("url(#", f"url(#{name}-")
