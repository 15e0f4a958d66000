"""Whom the company knows already: told on the list, or left out of the search."""

from __future__ import annotations

import pytest

from matcher.contacts import Contact
from matcher.filters import allowed_providers
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher
from matcher.records import MatchList
from tests.fakes import need, request

BRUNO = Contact(provider_id="bruno", words="met before (2026-05-03): cooperation possible")
GONE = Contact(provider_id="zelda", words="agreement reached (2025-11-03)")
LEFT_OUT = {"known_contacts": "leave out"}


def everyone_but(*names: str) -> tuple[Contact, ...]:
    known = {"aqua", "bruno", "carla", "dion", "erik"} - set(names)
    return tuple(Contact(provider_id=name, words="already in contact (told 2026-03-01)") for name in sorted(known))


def without(answer: MatchList, *fields: str) -> list[dict[str, object]]:
    return [match.model_dump(exclude=set(fields)) for match in answer.matches]


class TestNoted:
    def test_a_match_tells_that_the_company_knows_it(self, small_matcher: Matcher) -> None:
        answer = small_matcher.match(request(), (BRUNO,))
        assert {match.provider_id: match.contact for match in answer.matches} == {"bruno": BRUNO.words, "aqua": ""}

    def test_nothing_else_changes(self, small_matcher: Matcher) -> None:
        noted, plain = small_matcher.match(request(), (BRUNO, GONE)), small_matcher.match(request())
        assert without(noted, "contact") == without(plain, "contact")
        assert noted.considered == plain.considered
        assert noted.considered.known_contacts == 0
        assert noted.notes == plain.notes == ()

    def test_so_it_is_where_the_need_was_encoded_before(self, small_matcher: Matcher) -> None:
        asked = request()
        encoded = small_matcher.encode(asked.need)
        assert small_matcher.match_encoded(encoded, asked, (BRUNO,)) == small_matcher.match(asked, (BRUNO,))


class TestLeftOut:
    def test_they_are_not_searched_and_the_list_says_so(self, small_matcher: Matcher) -> None:
        answer = small_matcher.match(request(filters=LEFT_OUT), (BRUNO,))
        assert "bruno" not in {match.provider_id for match in answer.matches}
        assert answer.considered.known_contacts == 1
        assert answer.considered.candidates == 4
        assert answer.notes == ("1 provider that the company knows already was left out.",)

    def test_it_is_the_list_that_excluding_them_gives(self, small_matcher: Matcher) -> None:
        left_out = small_matcher.match(request(filters=LEFT_OUT), (BRUNO,))
        excluded = small_matcher.match(request(filters={"excluded_providers": ["bruno"]}))
        assert without(left_out) == without(excluded)

    def test_without_contacts_nobody_is_left_out(self, small_matcher: Matcher) -> None:
        answer = small_matcher.match(request(filters=LEFT_OUT))
        assert without(answer) == without(small_matcher.match(request()))
        assert answer.notes == ()

    def test_who_is_not_in_the_directory_any_more_is_passed_over(self, small_index: ProviderIndex) -> None:
        allowed = allowed_providers(small_index, request(filters=LEFT_OUT), (BRUNO, GONE, BRUNO))
        assert allowed.considered.known_contacts == 1
        assert allowed_providers(small_index, request(filters=LEFT_OUT), (GONE,)).notes == ()

    def test_who_would_not_be_listed_anyway_is_counted_by_the_other_cause(self, small_index: ProviderIndex) -> None:
        # aqua is the company itself, bruno is in its country, carla does not pass the filter.
        filters = {**LEFT_OUT, "excluded_providers": ["carla"]}
        asked = request(need=need(country="DE", company_ids=("aqua",)), filters=filters, policy={"mode": "require"})
        allowed = allowed_providers(small_index, asked, everyone_but("erik"))
        told = allowed.considered
        assert (told.own_organisation, told.filtered_out, told.domestic_left_out) == (1, 1, 1)
        assert (told.known_contacts, told.candidates) == (1, 1)
        assert int(allowed.mask.sum()) == 1

    def test_where_nobody_is_left_the_contacts_are_named_as_a_cause(self, small_matcher: Matcher) -> None:
        answer = small_matcher.match(request(filters={**LEFT_OUT, "countries": ["BE", "DE"]}), everyone_but("aqua"))
        assert answer.verdict == "no good match"
        assert answer.notes == (
            "2 providers that the company knows already were left out.",
            "Nobody is left: of 5 providers 3 do not pass the filters, 2 are known to the company already. Widen the filters.",
        )


@pytest.mark.parametrize("contacts", ["note", "leave out"])
def test_a_list_with_contacts_comes_back_from_json_as_it_was(small_matcher: Matcher, contacts: str) -> None:
    answer = small_matcher.match(request(filters={"known_contacts": contacts}), (BRUNO,))
    assert MatchList.model_validate_json(answer.model_dump_json()) == answer
