"""An evaluation as one HTML page that needs nothing else: no script, no address, pictures within."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.report.cut_section import cut_section, verdict
from service.report.engine_facts import engine_facts
from service.report.pages import page_templates
from service.report.parts import Data, Section, Table, chance, change, interval, is_more_than_chance, number
from service.report.sample_section import sample_section
from service.report.svg import drawing

GLOSSARY = {
    "nDCG@10": "How good the first ten places are, 0 to 1: 1 where all known partners stand first, less the lower they stand.",
    "MRR": "One over the place of the first known partner, on average: 0.5 means that it stands second.",
    "Recall@10, @50": "Share of a need's known partners that are among its first ten, or fifty.",
    "Success@10": "Share of needs with a known partner among the first ten.",
    "abroad": "Share of the first ten that is in another country than the company.",
    "entropy": "How many countries share the first ten, in bits: 0 is one country, 3 are eight in equal parts.",
    "Gini": "How unevenly providers are shown over all lists: 0 all alike, near 1 a few have nearly everything.",
    "coverage": "Share of all providers that are among the first ten of any list.",
    "95 %": "Where the mean would lie in 95 of 100 such evaluations, needs of one project drawn together.",
    "p": "How often a difference at least as large would come about by chance alone.",
    "known partner": "An organisation that really took part in the project. Others may have been as good: nobody can know.",
}


def evaluation_page(data: dict[str, Any]) -> str:
    """The page. The same data give the same bytes.

    Args:
        data: what `evaluation.json` holds, with `comparison` where there is one.
    """
    environment = page_templates("service.report")
    with drawing():
        sections = list(_sections(data))
    short = [f"{_capital(cut['name'])}: {verdict(cut)}" for cut in data["cuts"]]
    if "samples" in data:
        overlap = data["samples"]["overlap"]
        alike = f"their first ten are alike to {interval(overlap)}, where {overlap['target']:.2f} is aimed at"
        short.append(f"Sample needs in five languages: {alike}.")
    page = environment.get_template("evaluation.html")
    return page.render(sections=sections, short=short, notes=data.get("notes", []), glossary=GLOSSARY) + "\n"


def _sections(data: dict[str, Any]) -> Iterator[Section]:
    if "comparison" in data:
        yield _comparison(data["comparison"])
    for number_, cut in enumerate(data["cuts"], start=1):
        yield cut_section(cut, f"cut-{number_}")
    if "samples" in data:
        yield sample_section(data["samples"])
    yield _engine(data["engine"], data.get("comparison"))


def _comparison(comparison: Data) -> Section:
    rows, said = [], []
    for cut in comparison["cuts"]:
        difference = cut["difference"]
        rows.append(
            [
                cut["name"],
                str(cut["needs"]),
                number(cut["this"]),
                number(cut["other"]),
                change(difference),
                chance(difference),
                f"{cut['better']} / {cut['worse']}",
            ]
        )
        better = "better" if difference["mean"] > 0 else "worse"
        sure = f"is {better}" if is_more_than_chance(difference) else "is not proven to be better or worse"
        said.append(f"{_capital(cut['name'])}: this evaluation {sure} than the other.")
    columns = ["cut", "needs", "this", "other", "difference (95 %)", "chance", "needs better / worse"]
    caption = f"{_capital(comparison['ranker'])}, {comparison['measure']}: this evaluation against {comparison['name']}."
    return Section("comparison", "Against the other evaluation", said, [Table(caption, columns, rows)])


def _engine(engine: Data, comparison: Data | None) -> Section:
    columns, engines = ["", "this"], [engine_facts(engine)]
    if comparison is not None:
        columns, engines = [*columns, "other"], [*engines, engine_facts(comparison["engine"])]
    names = list(dict.fromkeys(name for facts in engines for name in facts))
    rows = [[name, *(facts.get(name, "") for facts in engines)] for name in names]
    intro = ("With the same engine and the same benchmark the evaluation gives the same figures.",)
    return Section("engine", "What was evaluated", intro, [Table("Everything that decides the figures.", columns, rows)])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
