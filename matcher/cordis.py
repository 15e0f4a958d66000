"""CORDIS as a directory and as a benchmark: organisations, what they took part in, and what small companies looked for.

A consortium is the record of a need that was answered: a small company wanted what its project is about, and found the
other organisations of it. So each participation of a small company makes a need, and its partners the known matches.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from matcher.cordis_files import Rows, day_of, is_true, read_sources
from matcher.cordis_names import organisation_name, place_name, plain_title, web_address
from matcher.cordis_persons import names_a_person
from matcher.countries import country_names
from matcher.directory import plain_name
from matcher.records import Category, Evidence, Need, Provider

_CATEGORIES: dict[str, Category] = {
    "HES": "technology",
    "REC": "technology",
    "PRC": "technology",
    "OTH": "commercial",
    "PUB": "commercial",
}
"""CORDIS' types of activity: higher education, research, private company; other, public body."""

_COUNTRIES = {"EL": "GR", "UK": "GB"}
"""Codes of the EU institutions that are not those of ISO 3166."""

_SHORTEST_SHORT_NAME = 3
_REPORTED_EVERY = 500


class Exclusion(StrEnum):
    """Why a row or an organisation of the source was left out."""

    PROJECT_UNREADABLE = "projects without an id, a title or a readable start date"
    PROJECT_TWICE = "projects listed twice"
    TOPIC_OF_NOBODY = "topics of unknown projects"
    NO_PIC = "participations without the organisation's code (pic)"
    PROJECT_UNKNOWN = "participations in unknown projects"
    PARTICIPATION_TWICE = "participations listed twice"
    COUNTRY_UNKNOWN = "organisations of unknown countries"
    ACTIVITY_UNKNOWN = "organisations of unknown activities"
    PERSON = "organisations that look like private persons"
    ORGANISATION_UNFIT = "organisations with a name, town or address that no record can hold"
    PARTICIPATION_OF_EXCLUDED = "participations of organisations left out"
    PROJECT_UNFIT = "participations in projects with a title or topics that no record can hold"


@dataclass(frozen=True)
class PastNeed:
    """What a small company looked for; `need.asked_on` is the day its project began."""

    need: Need
    project_id: str


@dataclass(frozen=True)
class CordisImport:
    """What a folder of CORDIS files holds, everything in order of id."""

    providers: tuple[Provider, ...]
    evidence: tuple[Evidence, ...]
    needs: tuple[PastNeed, ...]
    known: dict[str, tuple[str, ...]]
    """Need → the other organisations of its project, in whatever country; empty where a company was alone."""
    exclusions: dict[str, int]
    """Reason, of `Exclusion` → rows or organisations left out for it."""


@dataclass
class _Project:
    project_id: str
    title: str
    started: dt.date
    code: str
    objective: str
    topics: set[str] = field(default_factory=set)


def read_cordis(
    folder: Path, *, objectives: bool = False, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> CordisImport:
    """Read a folder of CORDIS' CSV files (`project`, `organization`, `euroSciVoc`; `topics` where there is one).

    Args:
        folder: an unpacked download of one framework programme, or an extract with the same columns.
        objectives: needs and evidence say the project's objective too, instead of its topics only.
        on_progress: called with participations done and participations in all.

    Raises:
        DirectoryRefused: a file cannot be read, or lacks a needed column. Single broken rows are counted instead.
    """
    sources = read_sources(folder, {"projects": ("objective",)} if objectives else {})
    left_out = Counter({str(reason): 0 for reason in Exclusion})
    projects = _projects(sources["projects"], left_out)
    _add_topics(projects, sources["fields"], left_out)
    rows = _participations(sources["participations"], projects, left_out)
    providers = _providers(rows, left_out)
    call_words = _call_words(sources["topics"])

    evidence: dict[str, Evidence] = {}
    needs: dict[str, PastNeed] = {}
    members: dict[str, list[str]] = defaultdict(list)
    for done, row in enumerate(rows):
        if done % _REPORTED_EVERY == 0:
            on_progress(done, len(rows))
        provider, project = providers.get(row["pic"]), projects[row["project"]]
        if provider is None:
            left_out[Exclusion.PARTICIPATION_OF_EXCLUDED] += 1
            continue
        try:
            fact = _evidence(provider, project, row["role"], objectives=objectives)
            need = _need(provider, project, call_words, objectives=objectives) if is_true(row["sme"]) else None
        except ValidationError:
            left_out[Exclusion.PROJECT_UNFIT] += 1
            continue
        evidence[fact.evidence_id] = fact
        members[project.project_id].append(provider.provider_id)
        if need is not None:
            needs[need.need_id] = PastNeed(need, project.project_id)
    on_progress(len(rows), len(rows))
    known = {
        need_id: tuple(sorted(other for other in members[past.project_id] if need_id != _need_id(past.project_id, other)))
        for need_id, past in sorted(needs.items())
    }
    return CordisImport(
        providers=tuple(sorted(providers.values(), key=lambda provider: provider.provider_id)),
        evidence=tuple(evidence[key] for key in sorted(evidence)),
        needs=tuple(needs[key] for key in sorted(needs)),
        known=known,
        exclusions=dict(left_out),
    )


def _projects(rows: Rows, left_out: Counter[str]) -> dict[str, _Project]:
    found: dict[str, _Project] = {}
    for row in rows:
        started, title = day_of(row["start"]), plain_title(row["title"])
        if not row["id"] or not title or started is None:
            left_out[Exclusion.PROJECT_UNREADABLE] += 1
        elif row["id"] in found:
            left_out[Exclusion.PROJECT_TWICE] += 1
        else:
            found[row["id"]] = _Project(row["id"], title, started, row["topics"], " ".join(row["objective"].split()))
    return found


def _add_topics(projects: dict[str, _Project], rows: Rows, left_out: Counter[str]) -> None:
    """The last step of each EuroSciVoc path, `/natural sciences/…/machine learning`, to the project it is about."""
    for row in rows:
        leaf = row["path"].rstrip("/").rpartition("/")[2].strip()
        if row["project"] not in projects:
            left_out[Exclusion.TOPIC_OF_NOBODY] += 1
        elif leaf:
            projects[row["project"]].topics.add(leaf)


def _participations(rows: Rows, projects: dict[str, _Project], left_out: Counter[str]) -> Rows:
    """Rows of known projects; where an organisation stands in a project twice, the first."""
    kept: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        key = (row["project"], row["pic"])
        if not row["pic"]:
            left_out[Exclusion.NO_PIC] += 1
        elif row["project"] not in projects:
            left_out[Exclusion.PROJECT_UNKNOWN] += 1
        elif key in kept:
            left_out[Exclusion.PARTICIPATION_TWICE] += 1
        else:
            kept[key] = row
    return list(kept.values())


def _providers(rows: Rows, left_out: Counter[str]) -> dict[str, Provider]:
    """Organisations by their code, as the first row of each describes them."""
    first: dict[str, dict[str, str]] = {}
    for row in rows:
        first.setdefault(row["pic"], row)
    found: dict[str, Provider] = {}
    for pic, row in first.items():
        country = _COUNTRIES.get(row["country"].upper(), row["country"].upper())
        category = _CATEGORIES.get(row["activity"].upper())
        if names_a_person(row["name"], row["activity"].upper(), row["url"]):
            left_out[Exclusion.PERSON] += 1
        elif country not in country_names():
            left_out[Exclusion.COUNTRY_UNKNOWN] += 1
        elif category is None:
            left_out[Exclusion.ACTIVITY_UNKNOWN] += 1
        else:
            try:
                found[pic] = Provider(
                    provider_id=f"pic-{pic}",
                    name=_full_name(row["name"], row["short_name"]),
                    category=category,
                    country=country,
                    city=place_name(row["city"]),
                    url=web_address(row["url"]),
                    source_ids=f"pic:{pic}",
                )
            except ValidationError:
                left_out[Exclusion.ORGANISATION_UNFIT] += 1
    return found


def _full_name(name: str, short_name: str) -> str:
    """The name, and behind it in brackets the short one where it is more than the name without its legal form."""
    full, short = organisation_name(name), organisation_name(short_name)
    if len(short) < _SHORTEST_SHORT_NAME or plain_name(short) == plain_name(full):
        return full
    return f"{full} ({short})"


def _evidence(provider: Provider, project: _Project, role: str, *, objectives: bool) -> Evidence:
    return Evidence(
        evidence_id=f"{provider.provider_id}-{project.project_id}",
        provider_id=provider.provider_id,
        kind="project",
        title=project.title,
        topics="; ".join(sorted(project.topics)),
        description=project.objective if objectives else "",
        year=project.started.year,
        role=role,
        reference=f"https://cordis.europa.eu/project/id/{project.project_id}",
        date=project.started,
    )


def _need_id(project_id: str, provider_id: str) -> str:
    return f"{project_id}-{provider_id.removeprefix('pic-')}"


def _need(provider: Provider, project: _Project, call_words: dict[str, str], *, objectives: bool) -> Need:
    """Topics, or the title where there are none, and what the call was about; before them the objective, if wanted."""
    topics = "; ".join(sorted(project.topics)) or project.title
    said = [project.objective if objectives else "", topics, *_words_of_calls(project.code, call_words)]
    return Need(
        need_id=_need_id(project.project_id, provider.provider_id),
        title=project.title,
        text="\n".join(part for part in said if part),
        country=provider.country,
        company=provider.name,
        company_ids=(provider.source_ids,),
        language="en",
        asked_on=project.started,
    )


def _call_words(rows: Rows) -> dict[str, str]:
    """Topic code of a call → its title, from `topics.csv`."""
    return {row["topic"]: plain_title(row["title"]) for row in rows if row["topic"] and row["title"]}


def _words_of_calls(code: str, titles: dict[str, str]) -> Iterable[str]:
    """What the call's topics are about: their titles where known, else the words of `HORIZON-CL4-2023-TWIN-TRANSITION-01`."""
    for one in re.split(r"[;,\s]+", code):
        words = [word.lower() for word in one.split("-") if word.isalpha() and word.upper() != "HORIZON"]
        yield titles.get(one) or " ".join(words)
