from __future__ import annotations

import numpy as np
import pytest

from matcher.directory import Directory
from matcher.errors import RequestRefused
from matcher.grid import GRID
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.preferences import NEIGHBOURS, diversified, great_circle
from matcher.records import Match, MatchRequest, Preferences
from matcher.validation import checked
from tests.fakes import FakeEncoder, need, provider

TEXT = "Toxicology laboratory with lung models."
PLACES = {"NL": (52.0, 5.0), "BE": (51.0, 4.0), "FR": (45.0, 5.0), "DK": (56.0, 10.0)}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    providers = tuple(
        provider(country.lower(), country, TEXT, name="Same", latitude=latitude, longitude=longitude)
        for country, (latitude, longitude) in sorted(PLACES.items())
    )
    index = ProviderIndex.build(Directory(providers, ()), FakeEncoder())
    return build_matcher(index, FakeEncoder())


def matches(matcher: Matcher, language: str = "en", **wanted: float) -> dict[str, Match]:
    asked = need(language=language)
    terms = {"need": asked, "policy": {"mode": "neutral"}, "preferences": wanted}
    return {match.provider_id: match for match in matcher.match(MatchRequest.model_validate(terms)).matches}


def part(match: Match, name: str) -> float | None:
    return next((part.value for part in match.parts if part.name == name), None)


def test_every_preference_is_off_by_default(matcher: Matcher) -> None:
    assert set(Preferences().model_dump().values()) == {0.0}
    names = {"shared language", "neighbour", "distance", "diversity"}
    assert {name for match in matches(matcher).values() for name in names if part(match, name) is not None} == set()


def test_a_neighbouring_country_is_one_with_a_land_border(matcher: Matcher) -> None:
    found = matches(matcher, neighbour=1.5)
    assert {key: part(match, "neighbour") for key, match in found.items()} == {"be": 1.5, "nl": 0.0, "fr": 0.0, "dk": 0.0}


def test_borders_have_two_sides() -> None:
    one_sided = [(a, b) for a, others in NEIGHBOURS.items() for b in others if b in NEIGHBOURS and a not in NEIGHBOURS[b]]
    assert one_sided == []
    assert NEIGHBOURS["NL"] == {"BE", "DE"}


def test_a_shared_language_is_one_that_is_official_there(matcher: Matcher) -> None:
    found = matches(matcher, "fr", shared_language=2.0)
    assert {key: part(match, "shared language") for key, match in found.items()} == {"fr": 2.0, "be": 2.0, "nl": 0.0, "dk": 0.0}


def test_distance_is_lost_by_the_hundred_kilometres_from_the_companys_country(matcher: Matcher) -> None:
    found = matches(matcher, nearness=1.0)
    for key, match in found.items():
        kilometres = great_circle(np.array(PLACES["NL"]), np.array([PLACES[key.upper()]]))[0]
        assert part(match, "distance") == pytest.approx(-kilometres / 100, abs=2 * GRID)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert great_circle(np.array([50.0, 5.0]), np.array([[51.0, 5.0], [50.0, 5.0]])) == pytest.approx([111.19, 0.0], abs=0.01)


def test_the_parts_still_add_up_and_the_list_is_in_order(matcher: Matcher) -> None:
    found = list(matches(matcher, neighbour=0.7, nearness=0.3, diversity=1.1, shared_language=0.2).values())
    for match in found:
        assert sum(part.value for part in match.parts) == match.score
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


def test_diversity_puts_another_subject_before_a_repetition() -> None:
    subjects = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    order, lost = diversified(np.array([3.0, 2.9, 2.0]), subjects, 2.0, 3)
    assert (order.tolist(), lost.tolist()) == ([0, 2, 1], [0.0, 0.0, -2.0])
    assert diversified(np.array([3.0, 2.9, 2.0]), subjects, 0.0, 3)[0].tolist() == [0, 1, 2]
    assert diversified(np.array([3.0, 2.9, 2.0]), subjects, 0.5, 2)[0].tolist() == [0, 1]


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), True, "much", 21])
def test_a_preference_that_is_no_number_of_log_odds_is_refused(value: object) -> None:
    with pytest.raises(RequestRefused, match="nearness"):
        checked(Preferences, {"nearness": value}, "preferences")
