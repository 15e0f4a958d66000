from __future__ import annotations

import pytest

from matcher.evaluation.preference_costs import CAPS, SETTINGS, preference_costs
from matcher.pipeline import Matcher
from tests.fakes import need

NEEDS = [
    need(need_id="n1"),
    need(need_id="n2", text="Vaccine filling line for clinical batches", country="DE"),
    need(need_id="n3", text="Inhalation toxicology of aerosols", country="BE"),
]
JUDGED = {"n1": {"bruno": 3}, "n2": {"carla": 2}, "n3": {"aqua": 1}}


@pytest.fixture
def rows(small_matcher: Matcher) -> list[dict[str, object]]:
    return preference_costs(small_matcher, [small_matcher.encode(one) for one in NEEDS], JUDGED)


def test_every_preference_is_tried_at_every_setting(rows: list[dict[str, object]]) -> None:
    expected = [(name, setting) for name, settings in SETTINGS.items() for setting in settings]
    expected += [("exposure_cap", cap) for cap in CAPS]
    assert [(row["preference"], row["setting"]) for row in rows] == expected


def test_switched_off_they_all_cost_the_same(rows: list[dict[str, object]]) -> None:
    off = [row["nDCG@10"] for row in rows if row["setting"] in (0.0, CAPS[0])]
    assert len(off) == len(SETTINGS) + 1
    assert all(quality == off[0] for quality in off)


def test_what_a_preference_is_there_for_never_shrinks_as_it_grows(rows: list[dict[str, object]]) -> None:
    for name in ("neighbour", "shared_language"):
        bought = [row["bought"] for row in rows if row["preference"] == name]
        assert bought == sorted(bought)  # type: ignore[type-var]
