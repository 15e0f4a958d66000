from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records import BorderPolicy
from tests.fakes import need, request
from tests.property.worlds import COUNTRIES, World, need_texts, policies, small_matcher, worlds


@given(world=worlds(), policy=policies(), k=st.integers(1, 30))
def test_a_list_is_the_beginning_of_the_one_that_is_longer_by_one(world: World, policy: BorderPolicy, k: int) -> None:
    shorter, longer = world.ranked(policy, k), world.ranked(policy, k + 1)
    assert longer.places.tolist()[:k] == shorter.places.tolist()
    assert longer.scores.tolist()[:k] == shorter.scores.tolist()


@settings(max_examples=50)
@given(text=need_texts(), country=st.sampled_from(COUNTRIES), policy=policies(), k=st.integers(1, 5))
def test_a_whole_match_list_is_the_beginning_of_the_longer_one(text: str, country: str, policy: BorderPolicy, k: int) -> None:
    asked = need(text=text, country=country)
    shorter, longer = (small_matcher().match(request(need=asked, policy=policy, k=length)) for length in (k, k + 1))
    # All but `similarity`, which may differ in its last digit: float32 products depend on the size of the matrix.
    but = {"evidence": {"__all__": {"similarity"}}}
    assert [match.model_dump(exclude=but) for match in longer.matches[:k]] == [
        match.model_dump(exclude=but) for match in shorter.matches
    ]
    for one, other in zip(longer.matches, shorter.matches, strict=False):
        pairs = zip(one.evidence, other.evidence, strict=True)
        assert all(abs(first.similarity - second.similarity) < 1e-5 for first, second in pairs)
    assert longer.verdict == shorter.verdict


@settings(max_examples=50)
@given(
    text=need_texts(),
    country=st.sampled_from(COUNTRIES),
    mode=st.sampled_from(["require", "favour", "neutral"]),
    countries=st.sets(st.sampled_from(COUNTRIES)),
    excluded=st.sets(st.sampled_from(["aqua", "bruno", "carla", "dion", "erik", "zelda"])),
    company=st.sampled_from(["", "Aqua Institute", "Erik Institute B.V."]),
)
def test_whoever_is_left_out_is_counted_and_never_listed(
    text: str, country: str, mode: str, countries: set[str], excluded: set[str], company: str
) -> None:
    filters = {"countries": sorted(countries), "excluded_providers": sorted(excluded)}
    asked = request(need=need(text=text, country=country, company=company), filters=filters, policy={"mode": mode})
    answer = small_matcher().match(asked)
    told = answer.considered
    assert told.own_organisation + told.filtered_out + told.domestic_left_out + told.candidates == told.directory == 5
    assert len(answer.matches) <= told.candidates
    for match in answer.matches:
        assert match.provider_id not in excluded
        assert not countries or match.country in countries
        assert not (company and match.name.split()[0] == company.split()[0])
    assert (answer.verdict == "matches") == bool(answer.matches)
    assert answer.matches or answer.notes
