"""A benchmark small enough to know by heart: two companies, five organisations, four earlier projects."""

from __future__ import annotations

import datetime as dt

from matcher.directory import Directory
from matcher.evaluation.benchmark import Benchmark
from matcher.records import Evidence, Need, Provider
from tests.fakes import evidence, need, provider

LUNG, WINE = "Inhalation toxicology with lung models", "Wine and cheese on boats"


def organisation(key: str, country: str) -> Provider:
    return provider(key, country, "", name=f"{key} house")


def project(key: str, title: str, day: str, *partners: str) -> list[Evidence]:
    facts = {"date": dt.date.fromisoformat(day), "reference": f"https://example.org/{key}"}
    return [evidence(f"{partner}-{key}", partner, title, **facts) for partner in partners]


def asked(need_id: str, day: str, company: str, country: str = "NL", text: str = LUNG) -> Need:
    about = {
        "need_id": need_id,
        "company": f"{company} house",
        "company_ids": (company,),
        "asked_on": dt.date.fromisoformat(day),
    }
    return need(text=text, country=country, **about)


def small_benchmark() -> Benchmark:
    """`lung` and `old` are in DE and FR, `home` in NL like the company `firm`; `late` begins after the needs."""
    return Benchmark(
        name="small",
        directory=Directory(
            providers=tuple(
                organisation(key, country)
                for key, country in (("firm", "NL"), ("home", "NL"), ("late", "BE"), ("lung", "DE"), ("old", "FR"))
            ),
            evidence=tuple(
                sorted(
                    [
                        *project("one", LUNG, "2023-01-01", "lung", "home"),
                        *project("two", WINE, "2023-02-01", "old", "firm"),
                        *project("three", LUNG, "2024-01-01", "late"),
                        *project("four", LUNG, "2024-03-01", "lung"),
                    ],
                    key=lambda item: item.evidence_id,
                )
            ),
        ),
        needs=(asked("n1", "2023-06-01", "firm"), asked("n2", "2024-02-01", "firm"), asked("n3", "2022-01-01", "firm")),
        known={"n1": {"lung": 1, "home": 1}, "n2": {"late": 1, "home": 1}, "n3": {"lung": 1}},
        groups={"n1": "g1", "n2": "g2", "n3": "g3"},
    )
