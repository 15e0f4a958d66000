from __future__ import annotations

import math

import pytest

from matcher.errors import RequestRefused
from matcher.records import BorderPolicy, MatchRequest
from matcher.validation import checked
from tests.unit.matcher.refusals import GOOD_NEED, has_the_form, refusal, refusal_of_request


def floor(at_least: object, of_first: object) -> dict[str, object]:
    return {"policy": {"floor": {"at_least": at_least, "of_first": of_first}}}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"k": 0}, "The k of the request must be at least 1. Got 0."),
        ({"k": -1}, "The k of the request must be at least 1. Got -1."),
        ({"k": 10**9}, "The k of the request must be at most 100. Got 1000000000."),
        ({"k": 101}, "The k of the request must be at most 100. Got 101."),
        ({"k": True}, "The k of the request must be a number. Got True."),
        ({"policy": {"beta": 0}}, "The beta of the policy must be greater than 0. Got 0."),
        ({"policy": {"beta": -2}}, "The beta of the policy must be greater than 0. Got -2."),
        ({"policy": {"beta": 20.1}}, "The beta of the policy must be at most 20. Got 20.1."),
        (
            {"policy": {"mode": "prefer"}},
            "The mode of the policy must be one of 'require', 'favour' or 'neutral'. Got 'prefer'.",
        ),
        (floor(4, 3), "The floor of the policy must have at_least no greater than of_first (3). Got 4. Lower at_least."),
        (floor(0, 3), "The at_least of the policy floor must be at least 1. Got 0."),
        (floor(1, 101), "The of_first of the policy floor must be at most 100. Got 101."),
        (
            {"policy": {"floor": {"at_least": 1}}},
            "The of_first of the policy floor must be given. Got nothing. Add the field of_first.",
        ),
        (
            {"filters": {"countries": ["NL", "UK"]}},
            "The countries of the filters must be a country by its two ISO 3166 letters. Got 'UK'. Write GB.",
        ),
        (
            {"filters": {"excluded_countries": ["XX"]}},
            "The excluded_countries of the filters must be a country by its two ISO 3166 letters. "
            "Got 'XX'. For instance NL, BE, DE, DK or FR.",
        ),
        (
            {"filters": {"categories": ["bank"]}},
            "The categories of the filters must be one of 'technology', 'finance' or 'commercial'. Got 'bank'.",
        ),
        (
            {"filters": {"regions": ["a\0"]}},
            "The regions of the filters must be whole Unicode text. Got a NUL character at character 2. Remove that character.",
        ),
        (
            {"filters": {"country": ["NL"]}},
            "The country of the filters must be a known field. Got an unknown one. Remove it or correct its name.",
        ),
        ({"polcy": {}}, "The polcy of the request must be a known field. Got an unknown one. Remove it or correct its name."),
        ({"need": {"country": "NL"}}, "The text of the need must be given. Got nothing. Add the field text."),
    ],
)
def test_a_bad_value_is_refused_in_these_words(values: dict[str, object], message: str) -> None:
    refused = refusal_of_request(**values)
    assert type(refused) is RequestRefused
    assert str(refused).startswith(message)
    assert has_the_form(str(refused))


@pytest.mark.parametrize(
    "values",
    [
        {"k": "abc"},
        {"k": 1.5},
        {"k": None},
        {"policy": {"beta": math.inf}},
        {"policy": {"beta": math.nan}},
        {"policy": {"beta": "x"}},
    ],
)
def test_what_is_no_number_is_refused(values: dict[str, object]) -> None:
    assert type(refusal_of_request(**values)) is RequestRefused


@pytest.mark.parametrize(
    "values",
    [
        {"k": "abc"},
        {"k": 1.5},
        {"policy": {"beta": math.inf}},
        {"policy": {"beta": math.nan}},
        {"policy": {"floor": 3}},
        {"filters": {"countries": "NL"}},
        {"need": None},
    ],
)
def test_a_value_of_another_type_is_refused_in_a_sentence(values: dict[str, object]) -> None:
    assert has_the_form(str(refusal_of_request(**values)))


@pytest.mark.parametrize("values", [floor(True, 3), {"policy": {"beta": True}}])
def test_true_is_no_number_anywhere(values: dict[str, object]) -> None:
    refusal_of_request(**values)


@pytest.mark.parametrize("k", [1, 100, "7"])
def test_every_length_from_1_to_100_is_taken(k: object) -> None:
    assert checked(MatchRequest, {"need": GOOD_NEED, "k": k}, "request").k == int(str(k))


def test_a_policy_alone_is_refused_as_one() -> None:
    refused = refusal("policy", {"beta": 0})
    assert (refused.place, refused.required, refused.found) == ("beta of the policy", "be greater than 0", "0")


def test_the_default_favours_across_the_border_with_beta_1() -> None:
    request = checked(MatchRequest, {"need": GOOD_NEED}, "request")
    assert request.policy == BorderPolicy(mode="favour", beta=1.0, floor=None)
    assert request.k == 10


def test_the_first_of_several_problems_is_told() -> None:
    assert refusal_of_request(k=0, policy={"beta": 0}).place == "beta of the policy"
