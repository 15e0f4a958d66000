"""Who is suspended, expired or gone is on no list, and a list says so where it is short because of it."""

from __future__ import annotations

import pytest

from matcher.batch import match_many
from matcher.contacts import Contact
from matcher.filters import allowed_providers
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher
from matcher.records import Considered
from matcher.replay import differences
from tests.fakes import need, request


def test_nobody_off_lists_is_on_one_and_they_are_counted_apart(small_matcher: Matcher) -> None:
    answer = small_matcher.match(request(), off_lists={"bruno", "zelda"})
    assert [match.provider_id for match in answer.matches] == ["aqua"]
    assert (answer.considered.off_lists, answer.considered.candidates) == (1, 4)
    assert answer.notes == ("1 provider that passes is off lists at present: suspended, expired, or gone from the directory.",)


def test_the_list_is_the_one_that_excluding_them_gives(small_matcher: Matcher) -> None:
    off = small_matcher.match(request(), off_lists=["bruno"])
    excluded = small_matcher.match(request(filters={"excluded_providers": ["bruno"]}))
    assert off.matches == excluded.matches


def test_a_list_that_can_be_full_all_the_same_says_nothing(small_matcher: Matcher) -> None:
    answer = small_matcher.match(request(k=4), off_lists={"bruno"})
    assert answer.notes == ()
    assert answer.considered.off_lists == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"filters": {"excluded_providers": ["bruno"]}},
        {"filters": {"countries": ["NL"]}},
        {"need": need(company="Bruno Institute")},
        {"policy": {"mode": "require"}, "need": need(country="DE")},
    ],
)
def test_who_is_left_out_for_another_reason_is_not_counted_again(small_index: ProviderIndex, terms: dict[str, object]) -> None:
    allowed = allowed_providers(small_index, request(**terms), (), {"bruno"})
    assert allowed.considered.off_lists == 0
    assert allowed.considered == allowed_providers(small_index, request(**terms)).considered


def test_a_contact_that_is_left_out_is_counted_as_one(small_index: ProviderIndex) -> None:
    known = (Contact(provider_id="bruno", words="met before (2026-05-03)"),)
    asked = request(filters={"known_contacts": "leave out"})
    considered = allowed_providers(small_index, asked, known, {"bruno", "aqua"}).considered
    assert (considered.known_contacts, considered.off_lists, considered.candidates) == (1, 1, 3)


def test_where_nobody_is_left_the_cause_is_told(small_index: ProviderIndex) -> None:
    everybody = {"aqua", "bruno", "carla", "dion", "erik"}
    allowed = allowed_providers(small_index, request(), (), everybody)
    assert allowed.considered.candidates == 0
    assert "5 are off lists at present" in allowed.notes[-1]


def test_many_lists_leave_them_out_too(small_matcher: Matcher) -> None:
    asked = [request(), request(need=need("Vaccine filling for clinical batches."))]
    together = list(match_many(small_matcher, asked, off_lists={"bruno"}))
    assert together == [small_matcher.match(one, off_lists={"bruno"}) for one in asked]


def test_lists_from_before_there_was_upkeep_had_nobody_off() -> None:
    told = '{"directory": 5, "own_organisation": 0, "filtered_out": 0, "domestic_left_out": 0, "candidates": 5}'
    assert Considered.model_validate_json(told).off_lists == 0


class TestReplay:
    def test_who_is_off_lists_since_is_named_and_is_no_difference(self, small_matcher: Matcher) -> None:
        given = small_matcher.match(request())
        components = small_matcher.components, small_matcher.components
        replay = differences(given, small_matcher.match(request()), *components, off_lists={"bruno", "carla"})
        assert replay.same
        assert [one.provider_id for one in replay.off_lists] == ["bruno"]
        assert replay.sentences[-1] == "On no new list today: Bruno Institute (bruno), at 1 then."

    def test_a_list_made_without_regard_to_them_differs_in_words(self, small_matcher: Matcher) -> None:
        given, now = small_matcher.match(request()), small_matcher.match(request(), off_lists={"bruno"})
        replay = differences(given, now, small_matcher.components, small_matcher.components)
        assert not replay.same
        assert "Number of providers left out that are off lists: 0 then, 1 now." in replay.sentences
