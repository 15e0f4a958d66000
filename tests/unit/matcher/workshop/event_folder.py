"""A small event in files: two companies, two providers of the small directory, three slots."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import EventRefused, Problem
from matcher.workshop.event_files import EventRead, read_event
from tests.fakes import small_directory

EVENT = """
name = "Lung day"
place = "Ede"
time_zone = "Europe/Amsterdam"
date = 2027-03-11
tables = 2

[slots]
first = "09:30"
length = 20
pause = 5
count = 3

[loads]
company_most = 2
provider_most = 3
"""
PARTICIPANTS = """id;side;name;country;languages;need;provider_id
lungs;company;Lungs BV;NL;nl, en;We look for inhalation toxicology with lung models.;
vials;company;Vials SA;FR;fr, en;We look for a vaccine filling line.;
bruno;provider;;;;;bruno
carla;provider;Carla Plant;BE;;;carla
"""
FILES = {"event.toml": EVENT, "participants.csv": PARTICIPANTS}


def write(folder: Path, **files: str | bytes) -> Path:
    """The small event in a folder, with these files beside or instead; `.` of a name is `_` for `event_toml`."""
    told: dict[str, str | bytes] = {**FILES}
    told |= {("event.toml" if name == "event_toml" else f"{name}.csv"): content for name, content in files.items()}
    for name, content in told.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path, **files: str | bytes) -> EventRead:
    return read_event(write(folder, **files), small_directory())


def problems(folder: Path, **files: str | bytes) -> tuple[Problem, ...]:
    """What is wrong; fails when nothing is."""
    with pytest.raises(EventRefused) as caught:
        read(folder, **files)
    return caught.value.problems


def only_problem(folder: Path, **files: str | bytes) -> Problem:
    (problem,) = problems(folder, **files)
    return problem


def with_rows(*rows: str) -> str:
    """The participants of the small event and these."""
    return PARTICIPANTS + "".join(f"{row}\n" for row in rows)


def with_lines(*lines: str, instead_of: str = "") -> str:
    """The event's file with these lines before its first table, without the one that begins like that."""
    kept = [line for line in EVENT.splitlines() if not (instead_of and line.startswith(instead_of))]
    first = kept.index("[slots]")
    return "\n".join([*kept[:first], *lines, *kept[first:]])


def with_slots(*lines: str, date: str = "date = 2027-03-11") -> str:
    """An event's file with these lines for its slots."""
    return "\n".join(['name = "Lung day"', 'time_zone = "Europe/Amsterdam"', date, *lines])
