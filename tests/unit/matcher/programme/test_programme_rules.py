from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from matcher.programme.fitting import misfits
from matcher.programme.rules import Call, Criterion, Incentive, Programme, Region, Scoring
from tests.unit.matcher.programme.small_programme import VALUES, small_programme


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    values: Any = deepcopy(VALUES)
    inner = values
    for one in path[:-1]:
        inner = inner[one]
    inner[path[-1]] = value
    return dict(values)


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        (("regions", 1, "catchment"), ["NL21"], "not overlap with region east"),
        (("regions", 0, "catchment"), ["NL4", "NL41"], "name each place once"),
        (("regions", 0, "catchment"), ["nl4"], "NUTS codes"),
        (("regions", 0, "catchment"), [""], "NUTS codes"),
        (("regions", 1, "region_id"), "east", "be there once"),
        (("regions", 0, "region_id"), "east side", "be an id of letters"),
        (("regions", 0, "budget"), 1_999_999, "call budgets of at most its own budget, 19,999.99 EUR"),
        (("incentives", 1, "incentive_id"), "insight", "be there once"),
        (("calls", 1, "call_id"), "spring", "be there once"),
        (("calls", 0, "incentives"), ["visits"], "name incentives of the programme"),
        (("calls", 0, "budgets"), {"west": 1}, "name regions of the programme"),
        (("calls", 0, "closes"), "2013-03-01T09:00:00+01:00", "close after it opens"),
        (("calls", 0, "closes"), "2013-05-31T17:00:00", "timezone"),
        (("scoring", "criteria"), [], "have criteria for its 2 assessors"),
        (("time_zone",), "Europe/Liege", "IANA"),
        (("regions",), [], "at least 1 item"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(path: tuple[Any, ...], value: Any, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        Programme.model_validate(changed(path, value))


def test_neighbours_by_number_do_not_overlap() -> None:
    regions = deepcopy(VALUES["regions"])
    regions[0]["catchment"], regions[1]["catchment"] = ["NL4", "NL3"], ["NL2", "NL5", "DE4"]
    assert len(small_programme(regions=regions).regions) == 2


def test_all_that_does_not_fit_is_named_not_only_the_first() -> None:
    regions = [
        Region(region_id="a", name="A", country="NL", catchment=("NL4",), budget=10),
        Region(region_id="a", name="A", country="NL", catchment=("NL41",), budget=10),
    ]
    incentive = Incentive(incentive_id="i", name="I", form="lump sum", amount=1)
    call = Call.model_validate({**VALUES["calls"][0], "incentives": ["x"], "budgets": {"a": 11, "b": 1}})
    scoring = Scoring(criteria=(Criterion(criterion_id="c", name="C"),) * 2)
    found = [(one.part, one.number, one.key, one.unknown_id) for one in misfits(regions, [incentive], [call], scoring)]
    assert found == [
        ("region", 1, "region_id", ""),
        ("criterion", 1, "criterion_id", ""),
        ("region", 1, "catchment", ""),
        ("call", 0, "incentives", "x"),
        ("call", 0, "budgets", "b"),
        ("region", 0, "budget", ""),
        ("region", 1, "budget", ""),
    ]


def test_a_version_names_the_rules_whatever_the_order_of_their_fields() -> None:
    programme = small_programme()
    turned = changed(("calls", 0, "budgets"), {"south": 1_000_000, "east": 1_000_000})
    assert Programme.model_validate(turned).version == programme.version
    assert Programme.model_validate_json(programme.model_dump_json()).version == programme.version
    assert len(programme.version) == 16


def test_whatever_is_changed_is_another_version() -> None:
    changes = [("name", "Other"), ("simulated", True), ("deadlines", {"sign": 31}), ("eligibility", {"sme": False})]
    versions = {small_programme(**{key: value}).version for key, value in changes}
    assert len(versions | {small_programme().version}) == 5


def test_parts_are_found_by_their_id() -> None:
    programme = small_programme()
    assert programme.call("autumn") is programme.calls[1]
    assert programme.incentive("travel") is programme.incentives[1]
    assert programme.region("south") is programme.regions[1]
    assert (programme.call("x"), programme.incentive("x"), programme.region("x")) == (None, None, None)
