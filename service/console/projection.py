"""From degrees to points of the map's drawing: equirectangular, with the parallel through its middle at true length."""

from __future__ import annotations

from math import cos, radians

WEST, EAST, SOUTH, NORTH = -5.5, 16.0, 41.0, 58.5
"""What is drawn: the programme's five countries."""
HEIGHT = 440
_SCALE = HEIGHT / (NORTH - SOUTH)
_FLATTENED = cos(radians((SOUTH + NORTH) / 2))
WIDTH = round((EAST - WEST) * _FLATTENED * _SCALE)


def is_drawn(longitude: float, latitude: float) -> bool:
    """Whether a place lies on the drawing."""
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def on_drawing(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place is: points from the left and from the top, to a tenth."""
    return round((longitude - WEST) * _FLATTENED * _SCALE, 1), round((NORTH - latitude) * _SCALE, 1)
