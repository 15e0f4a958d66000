from __future__ import annotations

import pytest

from embeddings.language import guess_language
from matcher.pipeline import Matcher
from matcher.records import MatchList, MatchRequest, Need
from matcher.retrieval import GRID
from matcher.shipped import shipped_need_translations, shipped_needs

OFF_TOPIC = [
    ("DE", "Wir suchen einen Tischler für unsere neue Küche in Köln"),
    ("FR", "Notre famille cherche un traiteur pour un mariage"),
    ("NL", "Ik wil een tweedehands tractor kopen voor mijn boerderij"),
]


@pytest.fixture(scope="module")
def answers(real_matcher: Matcher) -> dict[str, MatchList]:
    return {need.need_id: real_matcher.match(MatchRequest(need=need)) for need in shipped_needs()}


@pytest.fixture(scope="module")
def translated(real_matcher: Matcher) -> dict[str, MatchList]:
    return {key: real_matcher.match(MatchRequest(need=need)) for key, need in shipped_need_translations().items()}


def test_every_shipped_need_has_ten_matches(answers: dict[str, MatchList]) -> None:
    assert {key: len(answer.matches) for key, answer in answers.items()} == dict.fromkeys(answers, 10)


def test_nine_of_ten_first_ranked_are_in_another_country(answers: dict[str, MatchList]) -> None:
    domestic = [f"{key}: {answer.matches[0].name}" for key, answer in answers.items() if not answer.matches[0].cross_border]
    assert len(domestic) <= 2, f"{len(answers) - len(domestic)} of {len(answers)} cross-border; domestic first: {domestic}"


def test_a_need_and_its_translation_find_the_same_providers(
    answers: dict[str, MatchList], translated: dict[str, MatchList]
) -> None:
    overlap = {}
    for key, answer in answers.items():
        first, second = ({match.provider_id for match in one.matches} for one in (answer, translated[key]))
        overlap[key] = len(first & second)
    mean = sum(overlap.values()) / len(overlap)
    assert mean > 5.5, f"mean overlap of the first ten {mean:.2f}: {overlap}"
    assert min(overlap.values()) >= 2, f"mean overlap of the first ten {mean:.2f}: {overlap}"


def test_the_language_of_every_shipped_need_and_translation_is_guessed_right() -> None:
    needs = [*shipped_needs(), *shipped_need_translations().values()]
    wrong = [need.need_id for need in needs if guess_language(need.whole_text) != need.language]
    assert wrong == []


def test_a_screening_centre_answers_the_need_for_a_screen(answers: dict[str, MatchList]) -> None:
    names = [match.name for match in answers["need-24"].matches]
    assert names[0].startswith("Pivot Park Screening Centre"), names


def test_the_categories_sought_are_the_only_ones_listed(answers: dict[str, MatchList]) -> None:
    choosy = [need for need in shipped_needs() if need.categories]
    assert len(choosy) > 10
    for need in choosy:
        assert {match.category for match in answers[need.need_id].matches} <= set(need.categories)


@pytest.mark.parametrize(("country", "text"), OFF_TOPIC)
def test_a_text_of_another_world_finds_no_good_match(real_matcher: Matcher, country: str, text: str) -> None:
    answer = real_matcher.match(MatchRequest(need=Need(text=text, country=country)))
    assert (answer.verdict, [match.name for match in answer.matches]) == ("no good match", [])
    assert answer.notes


def test_every_match_shows_evidence_that_can_be_looked_up(answers: dict[str, MatchList]) -> None:
    silent = [f"{key}: {match.name}" for key, answer in answers.items() for match in answer.matches if not match.evidence]
    assert silent == []


def test_the_parts_add_up_exactly_on_real_scores(answers: dict[str, MatchList]) -> None:
    for answer in answers.values():
        for match in answer.matches:
            assert sum(part.value for part in match.parts) == match.score


def scores(matcher: Matcher, need: Need, **filters: object) -> dict[str, float]:
    asked = MatchRequest.model_validate({"need": need, "k": 100, "filters": filters, "policy": {"mode": "neutral"}})
    return {match.provider_id: match.score for match in matcher.match(asked).matches}


def test_a_filter_leaves_real_scores_as_they_are_to_a_few_millionths(real_matcher: Matcher) -> None:
    need = shipped_needs()[9].model_copy(update={"categories": ()})
    everyone, some = scores(real_matcher, need), scores(real_matcher, need, categories=["finance"])
    both = everyone.keys() & some.keys()
    assert len(both) > 5
    assert {key: some[key] for key in both} == pytest.approx({key: everyone[key] for key in both}, abs=10 * GRID)
