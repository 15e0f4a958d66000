"""A benchmark of five subjects with six laboratories each: enough known matches to learn from, few and short texts."""

from __future__ import annotations

import json
from pathlib import Path

SUBJECTS = ("lung toxicology", "vaccine filling", "heart valves", "skin grafts", "brain imaging")
_LABORATORIES = 30
_OF_THE_SUBJECT, _OTHERS = 4, 5
"""Known matches of each need: four of the six laboratories of its subject, and five of the others."""
NEEDS_BEFORE = 12
NEEDS_AFTER = 2


def write_benchmark(folder: Path, *, needs_before: int = NEEDS_BEFORE, laboratories: int = _LABORATORIES) -> Path:
    """The four files of a benchmark in that folder; needs of 2023, and two of 2025."""
    folder.mkdir()
    labs = [f"lab{number:02}" for number in range(laboratories)]
    providers = [f"{lab},Laboratory {lab},technology,{('DE', 'FR', 'BE')[n % 3]},Town" for n, lab in enumerate(labs)]
    evidence = [
        f"{lab}-{piece},{lab},project,{SUBJECTS[number % 5].capitalize()},2022,2022-01-0{piece + 1}"
        for number, lab in enumerate(labs)
        for piece in range(1 + number % 3)
    ]
    _write(folder / "providers.csv", ["provider_id,name,category,country,city", *providers])
    _write(folder / "evidence.csv", ["evidence_id,provider_id,kind,title,year,date", *evidence])
    needs, known = [], []
    for number in range(needs_before + NEEDS_AFTER):
        subject, year = number % 5, 2023 if number < needs_before else 2025
        need = {
            "need_id": f"need{number:02}",
            "text": f"Partner for {SUBJECTS[subject]}",
            "language": "en",
            "country": "NL",
            "asked_on": f"{year}-03-01",
            "group": f"need{number:02}",
        }
        needs.append(json.dumps(need))
        fitting = [place for place in range(laboratories) if place % 5 == subject]
        others = [place for place in range(laboratories) if place % 5 != subject]
        first = number % len(others)
        partners = fitting[:_OF_THE_SUBJECT] + (others[first:] + others[:first])[:_OTHERS]
        known += [f"need{number:02} 0 {labs[place]} 1" for place in partners]
    _write(folder / "needs.jsonl", needs)
    _write(folder / "known_matches.qrels", known)
    return folder


def _write(file: Path, lines: list[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
