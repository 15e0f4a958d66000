from __future__ import annotations

import copy
import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from matcher.evaluation.benchmark import read_benchmark
from matcher.evaluation.comparison import compare
from matcher.evaluation.consortium import observe_cut, report_cut
from matcher.evaluation.samples import evaluate_samples
from matcher.index import ProviderIndex
from matcher.learning import Examples
from matcher.pipeline import build_matcher
from matcher.relevance import SIGNALS, RelevanceModel
from matcher.shipped import shipped_model_file
from service.evaluation import engine_of, evaluate
from service.report.page import evaluation_page
from tests.fakes import FakeEncoder, need, small_directory
from tests.unit.matcher.evaluation.tiny_benchmark import write_benchmark

PLOTS_OF_A_CUT = ("rankers", "ablation", "border", "experience", "reliability", "countries", "pairs")
PLOTS_OF_SAMPLES = ("samples-policies", "samples-languages", "samples-overlap", "samples-categories", "samples-preferences")
NASTY = '<script>alert("x & y")</script> $\\frac{1}{2}$'


@contextmanager
def quiet(_: str) -> Any:
    yield lambda done, total: None


def examples() -> Examples:
    """As many as something can be learned from, at random."""
    random = np.random.default_rng(0)
    signals = random.random((600, len(SIGNALS)))
    return Examples(signals, random.random(600) < 0.3, np.full(600, -3.0), np.ones(600))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """An evaluation of the tiny benchmark, by the code that makes real ones, with companies enough in one country."""
    benchmark, encoder = read_benchmark(write_benchmark(tmp_path_factory.mktemp("tiny"), providers=40)), FakeEncoder()
    model = RelevanceModel.load(shipped_model_file())
    content = evaluate(benchmark, encoder, model, cuts=["all countries", "five countries"], samples=False, stage=quiet)
    cut = observe_cut(benchmark, "all countries", encoder, fit=False)
    content["cuts"][0] = report_cut(cut, model, examples())
    content["engine"] = engine_of(benchmark, encoder, model)
    for row in content["cuts"][0]["by_country"]:
        row["needs"] = 9
    return content


@pytest.fixture(scope="module")
def whole(data: dict[str, Any]) -> dict[str, Any]:
    """With everything that a page can have. It is only read."""
    encoder = FakeEncoder()
    matcher = build_matcher(ProviderIndex.build(small_directory(), encoder), encoder)
    english, danish = need(need_id="n1"), need(need_id="n1", language="da")
    in_all = {("n1", "da"): danish, ("n1", "en"): english}
    content = data | {"samples": evaluate_samples(matcher, [english], in_all, {"n1": {"bruno": 3}})}
    return content | {"comparison": compare(content, content, "other.json")}


@pytest.fixture(scope="module")
def page(whole: dict[str, Any]) -> str:
    return evaluation_page(whole)


def parsed(page: str) -> ET.Element:
    """The page as a tree: every element is closed, every sign that needs it escaped."""
    return ET.fromstring(page)


def test_the_page_is_well_formed(page: str) -> None:
    tree = parsed(page)
    assert page.startswith("<!DOCTYPE html>\n")
    assert (tree.tag, tree.attrib["lang"]) == ("html", "en")
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    assert re.findall(r"https?:|//\w|@import|<script|<link|<iframe|data:", page) == []
    tree = parsed(page)
    ids = {element.attrib["id"] for element in tree.iter() if "id" in element.attrib}
    links = {element.attrib["href"] for element in tree.iter() if "href" in element.attrib}
    assert {link for link in links if link.removeprefix("#") not in ids or not link.startswith("#")} == set()
    assert {name for name in re.findall(r"url\(#([^)]+)\)", page) if name not in ids} == set()
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on") or name == "src"]


def test_every_plot_is_there_with_a_title_and_a_sentence(page: str) -> None:
    figures = {figure.attrib["id"]: figure for figure in parsed(page).iter("figure")}
    wanted = {f"cut-{number}-{name}" for number in (1, 2) for name in PLOTS_OF_A_CUT} | set(PLOTS_OF_SAMPLES)
    # Nothing was fitted on the second, and too few of its needs are of one country.
    assert wanted - set(figures) == {"cut-2-ablation", "cut-2-countries"}
    for name, figure in figures.items():
        (svg,) = figure.iter("svg")
        title = svg.find("title")
        assert title is not None, name
        assert (svg.attrib["role"], svg.attrib["aria-labelledby"]) == ("img", title.attrib["id"])
        assert title.text
        assert "viewBox" in svg.attrib
        assert [text for text in svg.iter("text") if text.text], name
        says = figure.findtext("figcaption")
        assert says, name
        assert says.endswith("."), name


def test_tables_are_named_and_so_are_their_rows_and_columns(page: str) -> None:
    tables = list(parsed(page).iter("table"))
    assert len(tables) > 8
    for table in tables:
        assert table.findtext("caption")
        columns = table.findall("thead/tr/th")
        assert {column.attrib["scope"] for column in columns} == {"col"}
        for row in table.findall("tbody/tr"):
            assert [cell.tag for cell in row] == ["th", *["td"] * (len(columns) - 1)]


def test_the_same_data_give_the_same_bytes(page: str, whole: dict[str, Any]) -> None:
    assert evaluation_page(json.loads(json.dumps(whole))) == page


def test_figures_of_the_data_stand_on_the_page(page: str, whole: dict[str, Any]) -> None:
    quality = whole["cuts"][0]["rankers"]["learned relevance"]["nDCG@10"]
    assert f"{quality['mean']:.3f} ({quality['low']:.3f}–{quality['high']:.3f})" in page
    assert whole["engine"]["model"] in page
    assert f"{whole['samples']['overlap']['mean']:.3f}" in page
    for note in whole["notes"]:
        assert note in page


def test_names_are_escaped_and_never_taken_for_formulas(whole: dict[str, Any]) -> None:
    whole = copy.deepcopy(whole) | {"cuts": copy.deepcopy(whole["cuts"][:1])}
    del whole["samples"]
    whole["engine"]["benchmark"]["name"] = NASTY
    whole["comparison"]["name"] = NASTY
    whole["notes"] = [NASTY]
    cut = whole["cuts"][0]
    cut["rankers"][NASTY] = cut["rankers"]["random"]
    cut["against"][NASTY] = cut["against"]["random"]
    cut["by_country"][0]["country"] = cut["country_pairs"][0]["company"] = NASTY
    page = evaluation_page(whole)
    assert "<script>" not in page
    assert "".join(parsed(page).itertext()).count(NASTY) >= 5


def test_without_samples_and_comparison_their_sections_are_left_out(data: dict[str, Any]) -> None:
    sections = [section.attrib["id"] for section in parsed(evaluation_page(data | {"cuts": []})).iter("section")]
    assert sections == ["short", "engine", "words"]


def test_the_other_engine_stands_beside_this_one(whole: dict[str, Any]) -> None:
    other = whole["comparison"] | {"engine": whole["engine"] | {"model": "another one"}}
    page = evaluation_page({"engine": whole["engine"], "cuts": [], "comparison": other})
    (section,) = [one for one in parsed(page).iter("section") if one.attrib["id"] == "engine"]
    rows = {row.findtext("th"): [cell.text for cell in row.findall("td")] for row in section.iter("tr")}
    assert rows["model"] == [whole["engine"]["model"], "another one"]


def test_pages_need_no_file_beside_their_templates() -> None:
    import service.report

    folder = Path(service.report.__file__).parent / "templates"
    assert sorted(file.name for file in folder.iterdir()) == [
        "evaluation.html",
        "limits.html",
        "sections.html",
        "style.css",
        "words.html",
    ]
