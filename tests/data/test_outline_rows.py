"""The shipped outlines, and how they are made: small shapes with answers known by hand."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from matcher.shipped import shipped_directory
from scripts import make_outlines
from scripts.make_outlines import MARGIN, area, clipped, label_of, main, outlines_of, simplified, written
from service.console.projection import EAST, NORTH, SOUTH, WEST
from tests.data.shipped_tables import DATASETS

FILE = DATASETS / "outlines.json"
SQUARE = [(0.0, 45.0), (4.0, 45.0), (4.0, 49.0), (0.0, 49.0)]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def test_the_file_is_small_and_says_where_it_comes_from(told: dict[str, Any]) -> None:
    assert FILE.stat().st_size < 60_000
    assert "Natural Earth 4.1.0" in told["source"]
    assert "public domain" in told["source"]


def test_every_ring_is_an_area_within_the_frame_to_two_decimals(told: dict[str, Any]) -> None:
    west, south, east, north = told["frame"]
    for country in told["countries"]:
        for ring in country["rings"]:
            assert len(ring) >= 3
            assert all(west <= x <= east and south <= y <= north for x, y in ring), country["code"]
            assert all(round(x, 2) == x and round(y, 2) == y for x, y in ring)
            assert all(before != point for before, point in pairwise(ring))


def test_the_file_reads_as_the_script_writes(told: dict[str, Any]) -> None:
    assert written(told["countries"]) == FILE.read_text(encoding="utf-8")


def test_nearly_every_provider_lies_in_the_outline_of_its_country(told: dict[str, Any]) -> None:
    rings = {one["code"]: one["rings"] for one in told["countries"]}
    placed = [one for one in shipped_directory().providers if one.longitude is not None and one.latitude is not None]
    beside = [
        one.name
        for one in placed
        if not any(make_outlines._is_within((one.longitude or 0, one.latitude or 0), ring) for ring in rings[one.country])
    ]
    # Harbours lie on a coast that is simplified.
    assert len(beside) <= 0.05 * len(placed), beside


def test_points_near_the_line_are_left_out_and_corners_are_kept() -> None:
    line = [(0.0, 0.0), (1.0, 0.001), (2.0, 0.0), (2.0, 1.0), (2.0, 2.0)]
    assert simplified(line) == [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]
    assert simplified(line[:2]) == line[:2]


def test_a_ring_is_cut_at_the_frame() -> None:
    cut = clipped([(WEST - 9, 45.0), (0.0, 45.0), (0.0, 49.0), (WEST - 9, 49.0)])
    assert sorted(cut) == [(WEST - MARGIN, 45.0), (WEST - MARGIN, 49.0), (0.0, 45.0), (0.0, 49.0)]
    assert clipped([(100.0, 0.0), (101.0, 0.0), (101.0, 1.0)]) == []
    assert clipped(SQUARE) == SQUARE


def test_an_area_tells_size_and_turn() -> None:
    assert area(SQUARE) == 16.0
    assert area(SQUARE[::-1]) == -16.0


def test_letters_stand_where_there_is_most_room_and_nowhere_without() -> None:
    at = label_of(SQUARE)
    assert at is not None
    assert 1.0 <= at[0] <= 3.0
    assert 46.0 <= at[1] <= 48.0
    assert label_of([(0.0, 45.0), (0.5, 45.0), (0.5, 45.5)]) is None


def topology(**changed: Any) -> dict[str, Any]:
    """Two countries that share the border from (2, 45) to (2, 49), and one far away."""
    steps = [
        [[2, 45], [0, 4]],
        [[2, 45], [-2, 0], [0, 4], [2, 0]],
        [[2, 49], [2, 0], [0, -4], [-2, 0]],
        [[90, 0], [1, 0], [0, 1], [-1, -1]],
    ]
    geometries = [
        {"type": "Polygon", "id": "250", "arcs": [[1, -1]]},
        {"type": "MultiPolygon", "id": "276", "arcs": [[[0, 2]]]},
        {"type": "Polygon", "id": "999", "arcs": [[3]]},
    ]
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": steps,
        "objects": {"countries": {"geometries": geometries}},
    } | changed


def test_countries_of_the_frame_are_read_with_their_shared_borders() -> None:
    found = {one["code"]: one["rings"][0] for one in outlines_of(topology())}
    assert set(found) == {"DE", "FR"}
    assert set(found["FR"]) == {(0.0, 45.0), (2.0, 45.0), (2.0, 49.0), (0.0, 49.0)}
    assert set(found["DE"]) == {(2.0, 45.0), (4.0, 45.0), (4.0, 49.0), (2.0, 49.0)}


def test_what_is_no_such_file_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "outlines.json"
    monkeypatch.setattr(make_outlines, "OUTLINES", made)
    wrong = tmp_path / "wrong.json"
    assert main([]) == 2
    for content in ("", "{}", "[]", json.dumps(topology(arcs=[[1]])), json.dumps(topology(arcs=[]))):
        wrong.write_text(content)
        assert main([str(wrong)]) == 2
        assert "is not the file countries-50m.json" in capsys.readouterr().err
    assert main([str(tmp_path / "none.json")]) == 2
    assert not made.exists()
    wrong.write_text(json.dumps(topology()))
    assert main([str(wrong)]) == 0
    assert json.loads(made.read_text())["frame"] == [WEST - MARGIN, SOUTH - MARGIN, EAST + MARGIN, NORTH + MARGIN]
