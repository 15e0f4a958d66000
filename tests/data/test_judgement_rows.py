from __future__ import annotations

from tests.data.shipped_tables import DATASETS, Row, needs, providers, read_rows, twice


def judgements() -> list[Row]:
    return read_rows(DATASETS / "judgements.csv")


def test_every_judgement_is_of_a_sample_need_and_a_provider() -> None:
    assert {row["need_id"] for row in judgements()} == {need["id"] for need in needs()}
    known = {row["provider_id"] for row in providers()}
    assert [row for row in judgements() if row["provider_id"] not in known] == []


def test_grades_are_one_to_three() -> None:
    assert {row["grade"] for row in judgements()} == {"1", "2", "3"}


def test_a_provider_is_judged_once_for_a_need() -> None:
    assert twice(f"{row['need_id']} {row['provider_id']}" for row in judgements()) == []


def test_every_need_has_a_clearly_useful_provider_in_another_country() -> None:
    country = {row["provider_id"]: row["country"] for row in providers()}
    for need in needs():
        useful = [row for row in judgements() if row["need_id"] == need["id"] and row["grade"] in "23"]
        assert any(country[row["provider_id"]] != need["country"] for row in useful), need["id"]
