from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import service.gaps
from matcher.gaps.findings import GapAnalysis
from matcher.rates import rate
from service.gaps.page import gap_page
from service.gaps.summary import LIMITS, in_short
from tests.unit.service.gaps.findings import NASTY, findings, nothing


@pytest.fixture(scope="module")
def found() -> GapAnalysis:
    return findings()


@pytest.fixture(scope="module")
def page(found: GapAnalysis) -> str:
    return gap_page(found)


def test_the_page_is_well_formed_and_needs_nothing_but_itself(page: str) -> None:
    tree = ET.fromstring(page)
    assert page.startswith("<!DOCTYPE html>\n")
    assert re.findall(r"https?:|//\w|@import|<script|<link|<iframe|data:", page) == []
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []
    links = {element.attrib["href"] for element in tree.iter() if "href" in element.attrib}
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_every_plot_is_there_with_a_title_and_a_sentence(page: str) -> None:
    figures = {figure.attrib["id"]: figure for figure in ET.fromstring(page).iter("figure")}
    assert list(figures) == ["gaps-bars", "regions-fields", "line-distribution"]
    for name, figure in figures.items():
        (svg,) = figure.iter("svg")
        assert svg.findtext("title")
        assert [text for text in svg.iter("text") if text.text], name
        says = figure.findtext("figcaption")
        assert says, name
        assert says.endswith(".")


def test_each_gap_has_a_card_and_anecdotes_a_table(page: str, found: GapAnalysis) -> None:
    tree = ET.fromstring(page)
    cards = [card.findtext("h3") for card in tree.iter("article")]
    assert cards == [f"{gap.number}. {gap.label}" for gap in found.gaps[:2]]
    (anecdotes,) = [table for table in tree.iter("table") if "Anecdotes" in str(table.findtext("caption"))]
    assert [row.findtext("th") for row in anecdotes.findall("tbody/tr")] == ["3"]
    facts = {
        name.text: said.text
        for card in tree.iter("article")
        for name, said in zip(card.iter("dt"), card.iter("dd"), strict=True)
    }
    assert str(facts["unmet"]).startswith("5 of 5 (100%, 95\u00a0%: 57% to 100%)")
    assert str(facts["what to do"]).startswith("pitch event: 5 needs of 5 companies")


def test_names_are_escaped_and_never_taken_for_formulas(page: str) -> None:
    assert "<script>" not in page
    assert "".join(ET.fromstring(page).itertext()).count(NASTY) >= 3


def test_the_same_findings_give_the_same_bytes(page: str, found: GapAnalysis) -> None:
    assert gap_page(GapAnalysis.model_validate_json(found.model_dump_json())) == page


def test_what_it_cannot_say_stands_on_the_page(page: str) -> None:
    told = "".join(ET.fromstring(page).itertext())
    for limit in LIMITS:
        assert limit in told


def test_titles_are_on_the_page_only_where_they_were_asked_for(page: str) -> None:
    assert "this page is for own use" in page
    without = gap_page(findings(shows_titles=False))
    assert "own use" not in without
    assert "for example" not in without


def test_without_needs_the_page_says_so() -> None:
    tree = ET.fromstring(gap_page(nothing()))
    assert [section.attrib["id"] for section in tree.iter("section")] == ["short", "limits", "words"]
    assert "There is no need to look at." in "".join(tree.itertext())


def test_in_short_the_most_important_comes_first(found: GapAnalysis) -> None:
    first, second, *_, erased, repeated = in_short(found)
    assert first.startswith("17 needs of at least 17 companies, from the tests: 12 of 17 (71%, 95\u00a0%: ")
    assert second.startswith("2 gaps: ")
    assert "(pitch event)" in second
    assert second.endswith(" 1 subject with fewer: anecdotes, to be watched.")
    assert erased == "1 list left out: the need's words were erased."
    assert repeated.startswith("2 lists left out: the company put the same need again later.")


@pytest.mark.parametrize(
    ("ordinary", "words"),
    [
        (5, "That is more than the 5% of ordinary needs."),
        (95, "That is less than the 95% of ordinary needs."),
        (70, "Of ordinary needs 70% would be: no difference is proven."),
    ],
)
def test_the_share_is_compared_with_that_of_ordinary_needs(found: GapAnalysis, ordinary: int, words: str) -> None:
    assert in_short(found.model_copy(update={"ordinary_unmet": rate(ordinary, 100)}))[0].endswith(words)


def test_the_template_and_its_style_are_all_that_the_page_needs() -> None:
    folder = Path(service.gaps.__file__).parent / "templates"
    assert sorted(file.name for file in folder.iterdir()) == ["gaps.css", "gaps.html"]
