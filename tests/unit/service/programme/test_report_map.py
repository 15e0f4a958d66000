from __future__ import annotations

from collections.abc import Sequence

import pytest
from matplotlib.text import Annotation, Text

from matcher.records import Provider
from service.programme.report_map import Arc, Spot, region_map
from service.programme.report_places import places_of
from service.report.svg import drawing


def provider(number: int, region: str, latitude: float | None, longitude: float | None) -> Provider:
    return Provider(
        provider_id=f"p{number}",
        name="P",
        category="finance",
        country="NL",
        region=region,
        latitude=latitude,
        longitude=longitude,
    )


def test_a_region_lies_in_the_middle_of_its_providers_with_a_known_place() -> None:
    places = places_of(
        [provider(1, "east", 52, 6), provider(2, "east", 54, 8), provider(3, "east", None, 9), provider(4, "", 40, 1)]
    )
    assert places.of_regions == {"east": (53, 7)}
    assert places.countries == {"east": "NL"}
    assert places.of_providers == ((40, 1), (52, 6), (54, 8))


def labels(spots: Sequence[Spot], arcs: Sequence[Arc] = ()) -> list[Annotation]:
    with drawing():
        figure = region_map(spots, [], arcs, {"NL": "#0072b2"})
        figure.draw_without_rendering()
    return [one for one in figure.axes[0].texts if isinstance(one, Annotation)]


def test_names_of_regions_that_lie_close_do_not_overlap() -> None:
    spots = [Spot(f"r{number}", f"A region of some name {number}", "NL", 51 + number / 50, 5, number) for number in range(6)]
    spots.append(Spot("far", "Far away", "NL", 57, 12, 3))
    # Of the words alone, without the line that leads to them.
    boxes = [Text.get_window_extent(one) for one in labels(spots, [Arc("r1", "far", 3), Arc("far", "r2", 1)])]
    for number, box in enumerate(boxes):
        assert [other for other in boxes[number + 1 :] if box.overlaps(other)] == []


@pytest.mark.parametrize("count", [0, 5])
def test_one_region_alone_can_be_drawn(count: int) -> None:
    [label] = labels([Spot("one", "One", "NL", 52, 6, count)])
    assert label.get_text() == f"One\n{count}"
