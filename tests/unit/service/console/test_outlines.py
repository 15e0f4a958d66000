"""Countries on the map: where they come to lie, and which of them are served."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from matcher.directory import Directory
from matcher.records import Provider
from matcher.shipped import shipped_directory
from service.console.map import directory_map, provider_map
from service.console.outlines import outlines, outlines_svg
from service.console.projection import EAST, HEIGHT, NORTH, SOUTH, WEST, WIDTH, is_drawn, on_drawing

FIVE = {"BE", "DE", "DK", "FR", "NL"}


def provider(country: str, latitude: float | None, longitude: float | None) -> Provider:
    place = {"latitude": latitude, "longitude": longitude}
    return Provider(provider_id=country, name=country, category="technology", country=country, **place)


def test_the_corners_of_the_frame_are_those_of_the_drawing() -> None:
    assert on_drawing(WEST, NORTH) == (0, 0)
    right, bottom = on_drawing(EAST, SOUTH)
    assert abs(right - WIDTH) <= 0.5
    assert bottom == HEIGHT


def test_what_is_beyond_the_frame_is_not_drawn() -> None:
    assert is_drawn(4.35, 50.85)
    assert not is_drawn(21.0, 52.2)
    assert not is_drawn(4.35, 60.0)


def test_the_five_countries_and_their_neighbours_have_outlines() -> None:
    codes = [one.code for one in outlines()]
    assert codes == sorted(set(codes))
    assert set(codes) >= FIVE | {"LU", "CH", "AT", "CZ", "PL", "IT", "ES", "GB", "SE"}


def test_the_five_have_letters_on_the_drawing() -> None:
    labels = {one.code: one.label for one in outlines()}
    for code in FIVE:
        label = labels[code]
        assert label is not None
        assert 0 < label[0] < WIDTH
        assert 0 < label[1] < HEIGHT
    assert labels["LU"] is None


def test_the_drawing_is_well_formed_and_holds_shapes_only() -> None:
    root = ElementTree.fromstring(outlines_svg())
    assert [child.attrib["id"] for child in root] == [one.code for one in outlines()]
    for child in root:
        assert set(child.attrib) == {"id", "d"}
        assert re.fullmatch(r"(M[-\d. L]+Z)+", child.attrib["d"])


def test_countries_with_providers_are_told_from_others_and_drawn_over_them() -> None:
    directory = Directory((provider("AT", 48.2, 16.3), provider("DE", 52.5, 13.4)), ())
    lands = directory_map(directory, directory.providers).lands
    assert {one.outline.code for one in lands if one.is_served} == {"AT", "DE"}
    assert [one.is_served for one in lands] == sorted(one.is_served for one in lands)


def test_a_provider_without_a_place_leaves_the_countries_as_they_are() -> None:
    directory = Directory((provider("DE", None, None),), ())
    drawn = provider_map(directory, directory.providers[0])
    assert drawn.points == ()
    assert len(drawn.lands) == len(outlines())


def test_the_shipped_directory_is_in_the_five_countries() -> None:
    directory = shipped_directory()
    drawn = directory_map(directory, directory.providers)
    assert {one.outline.code for one in drawn.lands if one.is_served} == FIVE
    assert all(0 <= point.x <= drawn.width and 0 <= point.y <= drawn.height for point in drawn.points)
