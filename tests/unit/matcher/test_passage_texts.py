from __future__ import annotations

from matcher.directory import Directory
from matcher.passages import LONGEST_PORTFOLIO, passages_of
from tests.fakes import evidence, provider, small_directory


def test_each_provider_has_its_profile_first_and_then_its_evidence() -> None:
    told = [(passage.provider_id, passage.kind, passage.evidence_id) for passage in passages_of(small_directory())]
    assert told == [
        ("aqua", "profile", ""),
        ("aqua", "project", "a1"),
        ("aqua", "project", "a2"),
        ("bruno", "profile", ""),
        ("bruno", "project", "b1"),
        ("carla", "profile", ""),
        ("carla", "project", "c1"),
        ("dion", "profile", ""),
        ("dion", "investment", ""),
        ("erik", "profile", ""),
        ("erik", "service", "e1"),
    ]


def test_a_profile_is_the_name_and_the_summary() -> None:
    passage = passages_of(
        Directory((provider("p", "NL", "Seul résumé.", url="https://p.example", summary_language="fr"),), ())
    )[0]
    assert (passage.text, passage.language, passage.reference) == ("P Institute. Seul résumé.", "fr", "https://p.example")


def test_a_profile_without_summary_is_the_name() -> None:
    assert passages_of(Directory((provider("p", "NL", ""),), ()))[0].text == "P Institute"


def test_a_bare_name_is_no_passage_where_there_is_evidence() -> None:
    passages = passages_of(Directory((provider("p", "NL", ""),), (evidence("e", "p", "Titel"),)))
    assert [passage.kind for passage in passages] == ["project"]


def test_evidence_is_its_title_and_topics_with_where_to_look_it_up() -> None:
    item = evidence("e", "p", "Titel", topics="lung;chip", year=2020, role="coordinator", language="nl")
    passage = passages_of(Directory((provider("p", "NL", ""),), (item,)))[0]
    assert passage.text == "Titel. lung;chip"
    assert (passage.year, passage.role, passage.language) == (2020, "coordinator", "nl")
    assert passage.reference == "https://example.org/e"


def test_all_investments_are_one_passage() -> None:
    dion = [passage for passage in passages_of(small_directory()) if passage.provider_id == "dion"]
    assert [passage.text for passage in dion][1:] == ["Portfolio: Heart Valve Company, Stent Company"]
    assert dion[1].role == "investor"


def test_a_portfolio_names_no_more_companies_than_a_vector_can_hold() -> None:
    count = LONGEST_PORTFOLIO + 5
    items = tuple(evidence(f"e{number:03}", "p", f"Company{number:03}", kind="investment") for number in range(count))
    text = passages_of(Directory((provider("p", "NL", ""),), items))[0].text
    assert text.count("Company") == LONGEST_PORTFOLIO
    assert "Company000" in text


def test_an_empty_directory_has_no_passages() -> None:
    assert passages_of(Directory((), ())) == []
