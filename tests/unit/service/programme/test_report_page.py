from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import service.programme
from matcher.programme.report_records import ProgrammeReport
from service.programme.report_page import report_page
from service.programme.report_places import Places, places_of
from service.programme.report_summary import LIMITS, in_short
from service.programme.report_tables import SIMULATED, tables_of
from tests.unit.matcher.programme.report_world import small_report

NASTY = 'Programme <b>"&$x$</b>'
FIGURES = [
    "incentives-by-kind",
    "incentives-in-calls",
    "incentives-of-regions",
    "budgets-of-regions",
    "budgets-of-calls",
    "flows-of-countries",
    "flows-on-the-map",
    "funnel-steps",
    "wish-answers",
    "wish-shares",
    "anyway-share",
]


@pytest.fixture(scope="module")
def nowhere() -> Places:
    return places_of([])


def test_the_page_is_well_formed_and_needs_nothing_but_itself(simulated_page: str) -> None:
    tree = ET.fromstring(simulated_page)
    assert simulated_page.startswith("<!DOCTYPE html>\n")
    assert re.findall(r"https?:|//\w|@import|<script|<link|<iframe|data:", simulated_page) == []
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []
    links = {element.attrib["href"] for element in tree.iter() if "href" in element.attrib}
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_every_plot_is_there_with_a_title_and_a_sentence(simulated_page: str) -> None:
    figures = {figure.attrib["id"]: figure for figure in ET.fromstring(simulated_page).iter("figure")}
    assert list(figures) == FIGURES
    for name, figure in figures.items():
        (svg,) = figure.iter("svg")
        assert svg.findtext("title"), name
        says = figure.findtext("figcaption")
        assert says, name
        assert says.endswith(".")


def test_head_every_plot_and_every_table_say_that_it_is_simulated(simulated_page: str) -> None:
    tree = ET.fromstring(simulated_page)
    assert str(tree.findtext("head/title")).startswith(SIMULATED)
    assert f'@top-right {{ content: "{SIMULATED}' in simulated_page
    [note] = [one for one in tree.iter("p") if one.attrib.get("class") == "simulated"]
    assert str(note.text).startswith(SIMULATED)
    for figure in tree.iter("figure"):
        assert SIMULATED in [text.text for text in figure.iter("text")], figure.attrib["id"]
        assert "(simulated)" in str(next(figure.iter("svg")).findtext("title"))
    captions = [caption.text for caption in tree.iter("caption")]
    assert len(captions) > 10
    assert [one for one in captions if not str(one).startswith(f"{SIMULATED}. ")] == []


def test_what_is_real_says_nothing_of_the_kind(nowhere: Places) -> None:
    page = report_page(small_report(), nowhere)
    assert SIMULATED not in page
    assert "(simulated)" not in page


def test_the_published_totals_stand_on_the_page(simulated_page: str) -> None:
    text = " ".join("".join(ET.fromstring(simulated_page).itertext()).split())
    assert "224 incentives given (70 Collaboration, 44 Insight, 110 Meet & Greet)" in text
    assert "230 cross-border matches" in text
    assert "86 of 100 (86%, 95 %: 78% to 91%)" in text


def test_every_table_stands_on_the_page(simulated_report: ProgrammeReport, simulated_page: str) -> None:
    captions = [caption.text for caption in ET.fromstring(simulated_page).iter("caption")]
    assert sorted(map(str, captions)) == sorted(one.caption for one in tables_of(simulated_report).values())


def test_the_map_names_every_region(simulated_report: ProgrammeReport, simulated_page: str) -> None:
    [figure] = [one for one in ET.fromstring(simulated_page).iter("figure") if one.attrib["id"] == "flows-on-the-map"]
    told = " ".join(str(text.text) for text in figure.iter("text"))
    assert [name for name in simulated_report.regions.values() if name.split()[0] not in told] == []
    assert "not on the map" not in str(figure.findtext("figcaption"))


def test_without_places_there_is_no_map(simulated_report: ProgrammeReport, nowhere: Places) -> None:
    assert "flows-on-the-map" not in report_page(simulated_report, nowhere)


def test_matches_of_regions_without_a_place_are_counted_beside_the_map(
    simulated_report: ProgrammeReport, places: Places
) -> None:
    fewer = Places({name: at for name, at in places.of_regions.items() if name != "dk-danmark"}, places.countries, ())
    page = report_page(simulated_report, fewer)
    missing = sum(
        one.count for one in simulated_report.region_flows if "dk-danmark" in (one.company_region, one.provider_region)
    )
    assert f"{missing} matches are not on the map" in page


def test_a_programme_in_which_nothing_happened_has_a_page_too(nowhere: Places) -> None:
    empty = small_report(applications=[], histories=[], given_out=[], surveys=[], accounts=[])
    tree = ET.fromstring(report_page(empty, nowhere))
    assert "flows-of-countries" not in {figure.attrib["id"] for figure in tree.iter("figure")}
    assert in_short(empty)[0].startswith("0 incentives given")


def test_few_are_told_to_be_few(nowhere: Places) -> None:
    page = report_page(small_report(), nowhere)
    assert "1 of 2 (50%, 95\u00a0%: 9% to 91%; few)" in page


def test_what_others_wrote_stays_text(nowhere: Places) -> None:
    page = report_page(small_report().model_copy(update={"name": NASTY, "regions": {"east": NASTY, "south": "South"}}), nowhere)
    assert "<b>" not in page
    assert NASTY in "".join(ET.fromstring(page).itertext())


def test_the_same_report_gives_the_same_bytes(simulated_report: ProgrammeReport, simulated_page: str, places: Places) -> None:
    assert report_page(simulated_report, places) == simulated_page


def test_a_region_of_its_own_says_so(nowhere: Places) -> None:
    assert "South only, as of 2014-12-31" in report_page(small_report(region="south"), nowhere)


def test_limits_are_told(simulated_page: str) -> None:
    assert len(LIMITS) > 2
    for line in LIMITS:
        assert line in " ".join("".join(ET.fromstring(simulated_page).itertext()).split())


def test_the_pages_style_has_no_colour_alone_for_a_mark() -> None:
    style = (Path(service.programme.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    assert "border" in style
