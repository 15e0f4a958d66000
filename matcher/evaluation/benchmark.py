"""A benchmark: a directory, past needs, and who is known to have answered them. Read from the files of `crossmatch import`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from embeddings.errors import shown
from matcher.directory import Directory, load_directory
from matcher.errors import BenchmarkRefused, Problem
from matcher.records import Need
from matcher.tables import read_tables
from matcher.validation import parts_of

_PROVIDERS, _EVIDENCE, _NEEDS, _KNOWN = "providers.csv", "evidence.csv", "needs.jsonl", "known_matches.qrels"
_QRELS_WIDTH = 4


@dataclass(frozen=True)
class Benchmark:
    """Needs in order of id. Each has `asked_on` and a group; whoever is known to match is in the directory."""

    name: str
    directory: Directory
    needs: tuple[Need, ...]
    known: dict[str, dict[str, int]]
    """Need → provider → grade; each need has an entry, which may be empty."""
    groups: dict[str, str]
    """Need → what makes it dependent on others (the project): needs of one group are resampled together."""

    def restricted_to(self, countries: Collection[str]) -> Benchmark:
        """Providers, companies' needs and known matches in those countries only.

        A need stays when none of its known matches does.

        Raises:
            BenchmarkRefused: no provider or no need is left.
        """
        providers = tuple(one for one in self.directory.providers if one.country in countries)
        ids = {one.provider_id for one in providers}
        evidence = tuple(item for item in self.directory.evidence if item.provider_id in ids)
        known = {need: {who: grade for who, grade in found.items() if who in ids} for need, found in self.known.items()}
        part = f"part in {', '.join(sorted(countries)) or 'no country'} of the benchmark {self.name}"
        if not providers:
            raise _empty(part, "provider")
        whole = replace(self, directory=Directory(providers, evidence), known=known)
        return whole._with_needs((need for need in self.needs if need.country in countries), part)

    def between(self, start: dt.date, end: dt.date) -> Benchmark:
        """The needs asked on `start` or later and before `end`; the directory stays whole.

        Raises:
            BenchmarkRefused: no need is left.
        """
        chosen = (need for need in self.needs if start <= _asked_on(need) < end)
        return self._with_needs(chosen, f"part from {start} to before {end} of the benchmark {self.name}")

    def split(self, day: dt.date) -> tuple[Benchmark, Benchmark]:
        """The needs asked before that day, and those from it on.

        Raises:
            BenchmarkRefused: one of the two holds no need; it is named.
        """
        before = (need for need in self.needs if _asked_on(need) < day)
        later = (need for need in self.needs if _asked_on(need) >= day)
        return (
            self._with_needs(before, f"part before {day} of the benchmark {self.name}"),
            self._with_needs(later, f"part from {day} on of the benchmark {self.name}"),
        )

    def _with_needs(self, needs: Iterator[Need], part: str) -> Benchmark:
        kept = tuple(needs)
        if not kept:
            raise _empty(part, "need")
        ids = [need.need_id for need in kept]
        known = {need_id: self.known[need_id] for need_id in ids}
        return replace(self, needs=kept, known=known, groups={need_id: self.groups[need_id] for need_id in ids})


def read_benchmark(folder: Path, name: str | None = None) -> Benchmark:
    """Read `providers.csv`, `evidence.csv`, `needs.jsonl` and `known_matches.qrels`, as `crossmatch import` writes them.

    Args:
        folder: with the four files; others are passed over.
        name: said in refusals and reports; the folder's name if left out.

    Raises:
        DirectoryRefused: the directory's files are not as they must be.
        BenchmarkRefused: the needs or the known matches are not, do not fit the directory, or are none; or evidence has
            no date, so that nobody could tell whether it was there before the need. All problems are named.
    """
    directory = load_directory([folder / _PROVIDERS, folder / _EVIDENCE])
    problems = _undated(directory, folder / _EVIDENCE)
    needs, groups = _needs(folder / _NEEDS, problems)
    known = _known(folder / _KNOWN, directory, groups, problems)
    if problems:
        raise BenchmarkRefused(problems)
    ordered = tuple(sorted(needs, key=lambda need: need.need_id))
    return Benchmark(name or folder.resolve().name, directory, ordered, known, groups)


def _asked_on(need: Need) -> dt.date:
    assert need.asked_on is not None, "needs without it are refused when they are read"
    return need.asked_on


def _empty(part: str, what: str) -> BenchmarkRefused:
    remedy = "Choose other countries or days."
    return BenchmarkRefused([Problem(part, 0, "", f"hold at least one {what}", "none", remedy)])


def _lines(file: Path, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers."""
    try:
        data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        found = error.strerror or str(error)
        problems.append(Problem(file.name, 0, "", "be readable", found, "Make it with crossmatch import."))
        return
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(file.name, line, "", "be UTF-8", f"byte 0x{data[error.start]:02X}", "Save the file as UTF-8."))
        return
    # Not splitlines: it also splits at signs that JSON allows within a text.
    yield from ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _undated(directory: Directory, file: Path) -> list[Problem]:
    """A problem for each piece of evidence without a date."""
    undated = {item.evidence_id for item in directory.evidence if item.date is None}
    if not undated:
        return []
    remedy = "Add the day it began, as in 2026-01-31: what came after a need may not speak for it."
    rows = [(line, row) for table in read_tables(file) for line, row in table.rows if not row.get("date", "").strip()]
    return [Problem(file.name, line, "date", "be given for each piece of evidence", "nothing", remedy) for line, _ in rows]


def _needs(file: Path, problems: list[Problem]) -> tuple[list[Need], dict[str, str]]:
    """The needs, and the group of each."""
    needs: list[Need] = []
    groups: dict[str, str] = {}
    before = len(problems)
    for line, content in _lines(file, problems):
        row = _json_object(content)
        if row is None:
            found = shown(content)
            problems.append(Problem(file.name, line, "", "be one JSON object a line", found, "Put the fields in braces."))
            continue
        group = row.pop("group", None)
        try:
            need = Need.model_validate(row)
        except ValidationError as error:
            problems += [_problem(file, line, one) for one in error.errors()]
            continue
        wrong = _need_problem(file, line, need, group, groups)
        if wrong is not None:
            problems.append(wrong)
            continue
        needs.append(need)
        groups[need.need_id] = group
    if not needs and len(problems) == before:
        problems.append(Problem(file.name, 0, "", "hold at least one need", "none", "Import a source that has some."))
    return needs, groups


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _problem(file: Path, line: int, error: Any) -> Problem:
    _, wanted, found, remedy = parts_of(error, "need")
    return Problem(file.name, line, str(error["loc"][0]) if error["loc"] else "", wanted, found, remedy)


def _need_problem(file: Path, line: int, need: Need, group: object, seen: dict[str, str]) -> Problem | None:
    """What a benchmark requires of a need beyond what any need must be."""
    if not need.need_id:
        return Problem(file.name, line, "need_id", "be given", "nothing", "Give each need its own id.")
    if need.need_id in seen:
        return Problem(file.name, line, "need_id", "be unique", f"{shown(need.need_id)} again", "Give each need its own id.")
    if need.asked_on is None:
        remedy = "Add the day the need was put, as in 2026-01-31."
        return Problem(file.name, line, "asked_on", "be given for each need", "nothing", remedy)
    if not isinstance(group, str) or not group:
        found = "nothing" if group is None else shown(group)
        remedy = "Add it as text: the project, or the need_id where a need depends on no other."
        return Problem(file.name, line, "group", "be given for each need", found, remedy)
    return None


def _known(file: Path, directory: Directory, groups: dict[str, str], problems: list[Problem]) -> dict[str, dict[str, int]]:
    """Known matches of each need, from TREC's form: `need 0 provider grade`."""
    known: dict[str, dict[str, int]] = {need_id: {} for need_id in groups}
    ids = {provider.provider_id for provider in directory.providers}
    # Where needs could not be read, all of their lines here would only repeat the news.
    needs_are_whole = not any(problem.file == _NEEDS for problem in problems)
    before = len(problems)

    def refuse(line: int, column: str, required: str, found: str, remedy: str) -> None:
        problems.append(Problem(file.name, line, column, required, found, remedy))

    for line, content in _lines(file, problems):
        cells = content.split()
        if len(cells) != _QRELS_WIDTH:
            refuse(line, "", "have four cells: need_id, 0, provider_id, grade", f"{len(cells)}", "Separate them by blanks.")
            continue
        need_id, _, provider_id, grade = cells
        if need_id not in known:
            if needs_are_whole:
                refuse(line, "need_id", f"be a need of {_NEEDS}", shown(need_id), "Correct the id or add the need.")
        elif provider_id not in ids:
            refuse(line, "provider_id", f"be a provider of {_PROVIDERS}", shown(provider_id), "Correct the id or add it.")
        elif not re.fullmatch(r"\d{1,9}", grade, re.ASCII):
            refuse(line, "grade", "be a whole number, 0 or more", shown(grade), "Write digits, for instance 1.")
        elif provider_id in known[need_id]:
            refuse(line, "provider_id", "be named once for a need", f"{shown(provider_id)} again", "Keep one of the lines.")
        else:
            known[need_id][provider_id] = int(grade)
    if needs_are_whole and len(problems) == before and not any(known.values()):
        refuse(0, "", "hold at least one known match", "none", "Import a source that has some.")
    return known
