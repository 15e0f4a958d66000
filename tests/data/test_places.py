from __future__ import annotations

from itertools import combinations
from math import acos, cos, radians, sin

import pytest

from tests.data.shipped_tables import COUNTRIES, DATASETS, RAW, ROOT, Row, needs_raw_data, providers, read_rows, regions

BOXES = {  # south, north, west, east in degrees
    "BE": (49.49, 51.51, 2.54, 6.41),
    "DE": (47.27, 55.06, 5.86, 15.05),
    "DK": (54.55, 57.76, 8.07, 15.20),
    "FR": (41.33, 51.09, -5.15, 9.56),
    "NL": (50.75, 53.56, 3.35, 7.23),
}
CAPITALS = {  # latitude, longitude, and the country's reach from there in km
    "BE": (50.85, 4.35, 170),
    "DE": (52.52, 13.40, 660),
    "DK": (55.68, 12.57, 320),
    "FR": (48.86, 2.35, 950),
    "NL": (52.37, 4.90, 210),
}


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b, c, d = (radians(angle) for angle in (lat1, lon1, lat2, lon2))
    return 6371 * acos(min(1.0, sin(a) * sin(c) + cos(a) * cos(c) * cos(b - d)))


def place(row: Row) -> tuple[float, float]:
    return float(row["latitude"]), float(row["longitude"])


def test_coordinates_lie_within_the_country() -> None:
    def outside(row: Row) -> bool:
        latitude, longitude = place(row)
        south, north, west, east = BOXES[row["country"]]
        return not (south <= latitude <= north and west <= longitude <= east)

    assert [(row["name"], *place(row)) for row in providers() if outside(row)] == []


def test_coordinates_are_within_the_reach_of_the_capital() -> None:
    far = []
    for row in providers():
        latitude, longitude, reach = CAPITALS[row["country"]]
        if kilometres(*place(row), latitude, longitude) > reach:
            far.append((row["name"], *place(row)))
    assert far == []


def test_one_town_has_one_place() -> None:
    places: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for row in providers():
        found = (row["latitude"], row["longitude"], row["nuts"], row["region"])
        places.setdefault((row["country"], row["city"]), set()).add(found)
    assert {town: found for town, found in places.items() if len(found) > 1} == {}


def test_the_nuts_code_begins_with_the_country() -> None:
    assert [(row["name"], row["nuts"]) for row in providers() if not row["nuts"].startswith(row["country"])] == []


def test_the_region_is_of_the_providers_country_and_has_its_place_in_its_catchment() -> None:
    wrong = []
    for row in providers():
        region = regions()[row["region"]]
        in_catchment = row["nuts"].startswith(tuple(region["catchment"].split(";")))
        if region["country"] != row["country"] or not in_catchment:
            wrong.append((row["name"], row["nuts"], row["region"]))
    assert wrong == []


def test_there_are_eight_regions_in_five_countries() -> None:
    assert len(read_rows(DATASETS / "regions.csv")) == len(regions()) == 8
    assert {row["country"] for row in regions().values()} == set(COUNTRIES)


def test_catchments_lie_in_their_country_and_do_not_overlap() -> None:
    codes = [(region_id, code) for region_id, row in regions().items() for code in row["catchment"].split(";")]
    assert [(owner, code) for owner, code in codes if not code.startswith(regions()[owner]["country"])] == []
    clashes = [(one, two) for one, two in combinations(codes, 2) if one[1].startswith(two[1]) or two[1].startswith(one[1])]
    assert clashes == []


def test_the_catchments_leave_no_place_out() -> None:
    places = [row["nuts"] for row in read_rows(ROOT / "scripts" / "directory" / "nuts.csv")]
    codes = [code for row in regions().values() for code in row["catchment"].split(";")]
    assert {place: [code for code in codes if place.startswith(code)] for place in places} == {p: [p] for p in places}


def test_every_region_has_a_name_and_says_whether_partner_and_catchment_are_documented() -> None:
    for row in regions().values():
        assert row["name"]
        assert {row["partner_documented"], row["catchment_documented"]} <= {"yes", "no"}
        assert bool(row["partner"]) == (row["partner_documented"] == "yes")


@pytest.mark.parametrize("region", sorted(regions()))
def test_every_region_has_technology_and_commercial_providers(region: str) -> None:
    assert {row["category"] for row in providers() if row["region"] == region} >= {"technology", "commercial"}


@needs_raw_data
def test_nine_places_in_ten_agree_with_the_addresses_of_the_imi_catalogue() -> None:
    """An independent source, itself wrong here and there: where it knows no street it gives the middle of the country."""
    stated = {f"pic:{row['pic']}": row for row in read_rows(RAW / "imi" / "organizations.csv") if row["latitude"]}
    both = [(place(row), stated[row["source_ids"]]) for row in providers() if row["source_ids"] in stated]
    near = [here for here, there in both if kilometres(*here, float(there["latitude"]), float(there["longitude"])) < 15]
    assert len(both) > 150
    assert len(near) >= 0.9 * len(both)
