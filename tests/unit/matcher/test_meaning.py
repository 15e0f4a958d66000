from __future__ import annotations

from itertools import combinations

import pytest

from embeddings.language import LANGUAGES, guess_language
from matcher.grid import GRID
from matcher.pipeline import Matcher
from matcher.records import MatchList, MatchRequest, Need
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages

OFF_TOPIC = [
    ("DE", "Wir suchen einen Tischler für unsere neue Küche in Köln"),
    ("FR", "Notre famille cherche un traiteur pour un mariage"),
    ("NL", "Ik wil een tweedehands tractor kopen voor mijn boerderij"),
]


@pytest.fixture(scope="module")
def in_all_languages(real_matcher: Matcher) -> dict[tuple[str, str], MatchList]:
    return {key: real_matcher.match(MatchRequest(need=need)) for key, need in shipped_needs_in_all_languages().items()}


@pytest.fixture(scope="module")
def answers(in_all_languages: dict[tuple[str, str], MatchList]) -> dict[str, MatchList]:
    return {need.need_id: in_all_languages[need.need_id, str(need.language)] for need in shipped_needs()}


def test_every_shipped_need_has_ten_matches(answers: dict[str, MatchList]) -> None:
    assert {key: len(answer.matches) for key, answer in answers.items()} == dict.fromkeys(answers, 10)


def test_nine_of_ten_first_ranked_are_in_another_country(answers: dict[str, MatchList]) -> None:
    domestic = [f"{key}: {answer.matches[0].name}" for key, answer in answers.items() if not answer.matches[0].cross_border]
    assert len(domestic) <= 2, f"{len(answers) - len(domestic)} of {len(answers)} cross-border; domestic first: {domestic}"


@pytest.fixture(scope="module")
def overlaps(in_all_languages: dict[tuple[str, str], MatchList]) -> dict[str, dict[str, int]]:
    """Need → pair of languages → how many of the first ten both find."""
    found = {key: {match.provider_id for match in answer.matches} for key, answer in in_all_languages.items()}
    return {
        need.need_id: {
            f"{one}-{other}": len(found[need.need_id, one] & found[need.need_id, other])
            for one, other in combinations(LANGUAGES, 2)
        }
        for need in shipped_needs()
    }


def test_most_of_the_first_ten_are_the_same_in_whatever_language_the_need_is(overlaps: dict[str, dict[str, int]]) -> None:
    means = {key: sum(shared.values()) / len(shared) for key, shared in overlaps.items()}
    mean = sum(means.values()) / len(means)
    assert mean > 5.5, f"mean overlap of the first ten {mean:.2f}: {means}"
    assert min(means.values()) > 2, f"mean overlap of the first ten {mean:.2f}: {means}"


def test_no_pair_of_languages_shares_less_than_half_of_the_first_ten(overlaps: dict[str, dict[str, int]]) -> None:
    by_pair: dict[str, list[int]] = {}
    for shared in overlaps.values():
        for pair, count in shared.items():
            by_pair.setdefault(pair, []).append(count)
    means = {pair: sum(counts) / len(counts) for pair, counts in by_pair.items()}
    assert min(means.values()) > 5, means


def test_the_language_of_every_shipped_need_is_guessed_right_with_its_title() -> None:
    needs = shipped_needs_in_all_languages()
    assert [key for key, need in needs.items() if guess_language(need.whole_text) != need.language] == []


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
