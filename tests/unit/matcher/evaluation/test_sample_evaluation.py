from __future__ import annotations

import json
from typing import Any

import pytest

from embeddings.errors import Refusal
from matcher.evaluation.samples import evaluate_samples
from matcher.pipeline import Matcher
from matcher.records import Need
from matcher.shipped import shipped_directory, shipped_judgements, shipped_needs
from tests.fakes import need

TOXICOLOGY = need(need_id="tox", country="NL", kind="expertise", categories=("technology",))
PATENTS = need("We look for patents and licences.", "DK", need_id="pat", kind="collaboration")
TRANSLATIONS = {
    ("pat", "en"): PATENTS,
    ("tox", "da"): TOXICOLOGY.model_copy(update={"language": "da"}),
    ("tox", "en"): TOXICOLOGY,
}
JUDGEMENTS = {"tox": {"bruno": 3, "aqua": 2}, "pat": {"erik": 2, "dion": 1}}


@pytest.fixture
def found(small_matcher: Matcher) -> dict[str, Any]:
    return evaluate_samples(small_matcher, [TOXICOLOGY, PATENTS], TRANSLATIONS, JUDGEMENTS)


def by(rows: list[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    return {row[name]: row for row in rows}


def test_it_is_plain_data(found: dict[str, Any]) -> None:
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["needs"], found["judgements"], found["providers"]) == (2, 4, 5)


def test_under_require_every_list_is_across_the_border(found: dict[str, Any]) -> None:
    policies = by(found["policies"], "policy")
    assert list(policies) == ["neutral", found["default_policy"], "require"]
    require = policies["require"]
    assert (require["first across the border"]["mean"], require["cross-border share@10"]["mean"]) == (1.0, 1.0)
    assert policies["neutral"]["cross-border share@10"]["mean"] < 1
    for row in policies.values():
        assert 0 <= row["exposure Gini"] < 1
        assert 0 < row["catalogue coverage"] <= 1


def test_quality_is_measured_against_the_judgements(small_matcher: Matcher, found: dict[str, Any]) -> None:
    perfect = by(found["policies"], "policy")["neutral"]["nDCG@10"]
    assert 0.8 < perfect["mean"] <= 1
    useless = evaluate_samples(small_matcher, [TOXICOLOGY, PATENTS], TRANSLATIONS, {"tox": {"dion": 0}})
    assert {row["nDCG@10"]["mean"] for row in useless["policies"]} == {0.0}


def test_a_need_without_a_list_counts_as_zero(small_matcher: Matcher, found: dict[str, Any]) -> None:
    # The only investor is of the company's own country.
    unanswered = need("Seed rounds.", "FR", need_id="inv", categories=("finance",))
    needs, judgements = [TOXICOLOGY, PATENTS, unanswered], JUDGEMENTS | {"inv": {"dion": 3}}
    more = evaluate_samples(small_matcher, needs, TRANSLATIONS, judgements)
    before, after = (by(one["policies"], "policy")["require"] for one in (found, more))
    assert (before["answered"], after["answered"]) == (2, 2)
    assert after["nDCG@10"]["mean"] == pytest.approx(before["nDCG@10"]["mean"] * 2 / 3)
    assert after["first across the border"]["mean"] == pytest.approx(2 / 3)


def test_languages_are_compared_on_the_needs_that_they_have(found: dict[str, Any]) -> None:
    languages = by(found["languages"], "language")
    assert {name: row["needs"] for name, row in languages.items()} == {"da": 1, "en": 2}
    overlap = found["overlap"]
    assert (overlap["target"], list(overlap["by_need"])) == (0.8, ["tox"])
    assert [(pair["one"], pair["other"]) for pair in overlap["pairs"]] == [("da", "en")]
    assert 0 <= overlap["mean"] <= 1


def test_categories_and_kinds_share_the_needs_out(found: dict[str, Any]) -> None:
    assert {row["name"]: row["needs"] for row in found["categories"]} == {"any category": 1, "technology": 1}
    kinds = by(found["kinds"], "name")
    assert list(kinds) == ["collaboration", "expertise"]
    assert kinds["expertise"]["nDCG@10"]["mean"] == found["by_need"]["tox"]


def test_progress_is_told(small_matcher: Matcher) -> None:
    told: list[tuple[int, int]] = []
    evaluate_samples(
        small_matcher, [TOXICOLOGY], TRANSLATIONS, JUDGEMENTS, on_progress=lambda done, total: told.append((done, total))
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_without_translations_nothing_can_be_compared(small_matcher: Matcher) -> None:
    alone: dict[tuple[str, str], Need] = {("tox", "en"): TOXICOLOGY}
    with pytest.raises(Refusal, match="hold a need in two languages"):
        evaluate_samples(small_matcher, [TOXICOLOGY], alone, JUDGEMENTS)


def test_the_shipped_judgements_are_of_the_shipped_needs_and_providers() -> None:
    judged, directory = shipped_judgements(), {provider.provider_id for provider in shipped_directory().providers}
    assert set(judged) == {one.need_id for one in shipped_needs()}
    assert {provider for grades in judged.values() for provider in grades} <= directory
    assert {grade for grades in judged.values() for grade in grades.values()} == {1, 2, 3}
