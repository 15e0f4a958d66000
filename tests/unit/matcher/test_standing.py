"""Which providers have not been looked at for long."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.kept_directory import filed_entry
from matcher.records import Evidence
from matcher.standing import last_day, overdue, standing_of
from matcher.upkeep import ProviderStep
from tests.fakes import evidence, small_directory
from tests.unit.matcher.upkeep_steps import provider_steps_of


@pytest.mark.parametrize(
    ("fact", "day"),
    [
        (evidence("x", "aqua", "X", year=2023), date(2023, 12, 31)),
        (evidence("x", "aqua", "X", year=2023, date="2023-02-03"), date(2023, 2, 3)),
        (evidence("x", "aqua", "X", year=None), None),
    ],
)
def test_evidence_is_as_new_as_its_day_or_the_end_of_its_year(fact: Evidence, day: date | None) -> None:
    assert last_day(fact) == day


def names(before: date, **kinds: tuple[str, ...]) -> list[str]:
    files = small_directory()
    standings = [
        standing_of(one.provider_id, _steps(one.provider_id, kinds), filed_entry(files, one.provider_id))
        for one in files.providers
    ]
    return [one.provider_id for one in overdue(standings, before)]


def _steps(provider_id: str, kinds: dict[str, tuple[str, ...]]) -> list[ProviderStep]:
    return provider_steps_of(*kinds.get(provider_id, ()), provider_id=provider_id)


def test_those_are_told_of_which_nothing_is_new() -> None:
    assert names(date(2021, 1, 1)) == ["dion", "erik"]
    assert names(date(2022, 1, 1)) == ["carla", "dion", "erik"]
    assert names(date(2024, 1, 1)) == ["aqua", "bruno", "carla", "dion", "erik"]


def test_a_step_is_news_but_not_what_the_provider_asks_for() -> None:
    assert names(date(2022, 1, 1), carla=("corrected",), dion=("asked",)) == ["dion", "erik"]


def test_who_is_off_lists_already_is_not_told() -> None:
    assert names(date(2027, 1, 1), aqua=("suspended",), bruno=("left",), carla=("expired",)) == ["dion", "erik"]
