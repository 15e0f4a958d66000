"""The directory on pages: facets with their counts, addresses to share, and a provider's fields."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from matcher.directory_search import FACETS, Conditions, search_of
from matcher.fields_of_work import FIELDS
from service.desk import Desk
from tests.unit.service.console.browser_like import read, signed_in, text_of


@pytest.fixture
def client(small_desk: Desk) -> TestClient:
    return signed_in(small_desk)


def options(page: str, facet: str) -> dict[str, str]:
    """Value → what is read, of a facet's field."""
    inside = re.search(rf'<select id="{facet}".*?</select>', page, re.S)
    assert inside is not None
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', inside[0]))


def addresses(page: str) -> list[str]:
    return [str(told["href"]) for tag, told in read(page).tags if tag == "a" and "/providers?" in str(told.get("href"))]


def test_every_facet_shows_each_value_with_its_number_and_none_that_finds_nobody(client: TestClient, small_desk: Desk) -> None:
    found = search_of(small_desk.matcher.index).find(Conditions())
    page = client.get("/console/providers").text
    for facet in FACETS:
        shown = options(page, facet)
        assert set(shown) == {"", *found.counts[facet]}
        assert shown.pop("") == f"any ({len(small_desk.matcher.index)})"
        assert all(told.endswith(f"({found.counts[facet][value]})") for value, told in shown.items())


def test_a_choice_changes_the_numbers_of_the_others_and_not_its_own(client: TestClient, small_desk: Desk) -> None:
    search = search_of(small_desk.matcher.index)
    country = small_desk.matcher.index.directory.providers[0].country
    page = client.get("/console/providers", params={"country": country}).text
    found = search.find(Conditions(country=country))
    assert options(page, "country").keys() == options(client.get("/console/providers").text, "country").keys()
    assert set(options(page, "category")) == {"", *found.counts["category"]}
    assert f'<option value="{country}" selected>' in page


def test_what_is_asked_for_can_be_taken_away_one_by_one(client: TestClient) -> None:
    asked = {"q": "lung & models", "country": "DE", "category": "technology"}
    page = client.get("/console/providers", params=asked).text
    left = [{name: values[0] for name, values in parse_qs(urlsplit(one).query).items()} for one in addresses(page)]
    for name in asked:
        assert {other: value for other, value in asked.items() if other != name} in left
    assert "Without: Words: lung & models" in text_of(page)


def test_an_address_tells_the_whole_search(client: TestClient, small_desk: Desk) -> None:
    field = next(iter(search_of(small_desk.matcher.index).find(Conditions()).counts["field"]))
    told = text_of(client.get("/console/providers", params={"field": field}).text)
    found = search_of(small_desk.matcher.index).find(Conditions(field=field)).providers
    assert all(one.name in told for one in found)
    assert f"{len(found)} provider" in told


@pytest.mark.parametrize("facet", FACETS)
def test_a_value_that_nobody_has_finds_nobody_and_can_be_taken_away(client: TestClient, facet: str) -> None:
    evil = '"><script>alert(1)</script>'
    page = client.get("/console/providers", params={facet: evil}).text
    assert "<script>alert" not in page
    assert "0 providers" in text_of(page)
    assert "Take something away" in text_of(page)
    assert "selected" in re.search(rf'<select id="{facet}".*?</select>', page, re.S)[0]  # type: ignore[index]
    assert f"Without: {evil}" in text_of(page)


@pytest.mark.parametrize("page_number", ["0", "-3", "99999"])
def test_a_page_beyond_the_last_shows_the_nearest(client: TestClient, page_number: str) -> None:
    page = client.get("/console/providers", params={"page_number": page_number})
    assert page.status_code == 200
    assert "/console/providers/" in page.text


def test_a_page_that_is_no_number_is_refused(client: TestClient) -> None:
    assert client.get("/console/providers", params={"page_number": "two"}).status_code == 422


def test_a_provider_shows_its_fields_and_each_leads_to_the_others_of_it(client: TestClient, small_desk: Desk) -> None:
    search = search_of(small_desk.matcher.index)
    provider = next(one for one in small_desk.matcher.index.directory.providers if search.fields(one.provider_id))
    page = client.get(f"/console/providers/{provider.provider_id}").text
    for field, address in zip(search.fields(provider.provider_id), addresses(page), strict=True):
        assert field in text_of(page)
        assert provider.name in text_of(client.get(address).text)


def test_a_field_is_asked_for_by_the_same_value_in_every_language(client: TestClient) -> None:
    english = options(client.get("/console/providers").text, "field")
    dutch = options(client.get("/console/providers", headers={"accept-language": "nl"}).text, "field")
    assert dutch.keys() == english.keys() <= {"", *FIELDS}


def test_every_page_with_a_map_refers_to_outlines_that_are_there(client: TestClient) -> None:
    page = client.get("/console/providers").text
    used = {str(told["href"]) for tag, told in read(page).tags if tag == "use"}
    assert {urlsplit(one).path for one in used} == {"/console/static/outlines.svg"}
    answer = client.get("/console/static/outlines.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    there = {told["id"] for tag, told in read(answer.text).tags if tag == "path"}
    assert {urlsplit(one).fragment for one in used} == there
    assert len(answer.content) < 25_000
