from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from matcher.cordis import CordisImport, Exclusion, read_cordis
from matcher.directory import Directory
from matcher.records import Evidence, Need, Provider
from tests.unit.matcher.cordis_folder import (
    LAB,
    NEW,
    PARTICIPATIONS,
    PROJECTS,
    SME,
    TOWN,
    participation,
    write_download,
    write_extract,
)


@pytest.fixture
def imported(tmp_path: Path) -> CordisImport:
    return read_cordis(write_extract(tmp_path))


def provider(imported: CordisImport, pic: str) -> Provider:
    return next(one for one in imported.providers if one.provider_id == f"pic-{pic}")


def evidence(imported: CordisImport, pic: str, project: str) -> Evidence:
    return next(item for item in imported.evidence if item.evidence_id == f"pic-{pic}-{project}")


def need(imported: CordisImport, need_id: str) -> Need:
    return next(past.need for past in imported.needs if past.need.need_id == need_id)


def excluded(folder: Path, *more: dict[str, str], first: bool = False) -> dict[str, int]:
    """What is left out, and how often, when rows stand in the participations too."""
    rows = (*more, *PARTICIPATIONS) if first else (*PARTICIPATIONS, *more)
    exclusions = read_cordis(write_extract(folder, participations=rows)).exclusions
    return {reason: count for reason, count in exclusions.items() if count}


def test_both_forms_of_the_files_give_the_same(imported: CordisImport, tmp_path: Path) -> None:
    assert read_cordis(write_download(tmp_path / "official")) == imported


def test_the_order_of_the_rows_makes_no_difference(imported: CordisImport, tmp_path: Path) -> None:
    again = write_extract(tmp_path / "again", projects=PROJECTS[::-1], participations=PARTICIPATIONS[::-1])
    assert read_cordis(again) == imported


def test_an_organisation_becomes_a_provider_once(imported: CordisImport) -> None:
    assert [one.provider_id for one in imported.providers] == [f"pic-{pic}" for pic in (LAB, SME, NEW, TOWN)]
    assert provider(imported, LAB) == Provider(
        provider_id=f"pic-{LAB}",
        name="Laboratorium fuer Lungenforschung EV (LLF)",
        category="technology",
        country="DE",
        city="Bad Homburg",
        url="https://www.llf.example",
        source_ids=f"pic:{LAB}",
    )


def test_a_public_body_is_commercial_and_its_country_has_its_iso_code(imported: CordisImport) -> None:
    town = provider(imported, TOWN)
    assert (town.name, town.category, town.country) == ("Dimos Peiraia", "commercial", "GR")


@pytest.mark.parametrize(
    ("activity", "category"),
    [("HES", "technology"), ("REC", "technology"), ("PRC", "technology"), ("OTH", "commercial"), ("PUB", "commercial")],
)
def test_the_activity_tells_the_category(tmp_path: Path, activity: str, category: str) -> None:
    row = participation("101000001", "1", name="Some Institute", country="UK", activityType=activity)
    one = provider(read_cordis(write_extract(tmp_path, participations=[row])), "1")
    assert (one.category, one.country) == (category, "GB")


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("", "Havik BV"),
        ("HAVIK BV", "Havik BV"),
        ("HAVIK", "Havik BV"),
        ("HB", "Havik BV"),
        ("HVK", "Havik BV (HVK)"),
        ("Havikken", "Havik BV (Havikken)"),
    ],
)
def test_a_short_name_is_added_where_it_says_more(tmp_path: Path, short: str, name: str) -> None:
    row = participation("101000001", "1", name="HAVIK BV", shortName=short, country="NL")
    assert provider(read_cordis(write_extract(tmp_path, participations=[row])), "1").name == name


def test_a_participation_becomes_dated_evidence(imported: CordisImport) -> None:
    assert len(imported.evidence) == 7
    assert evidence(imported, LAB, "101000001") == Evidence(
        evidence_id=f"pic-{LAB}-101000001",
        provider_id=f"pic-{LAB}",
        kind="project",
        title="Lung organoids; safer & sooner",
        topics="cell biology; toxicology",
        year=2023,
        role="coordinator",
        reference="https://cordis.europa.eu/project/id/101000001",
        language="en",
        date=dt.date(2023, 1, 1),
    )


def test_a_title_that_shouts_is_calmed(imported: CordisImport) -> None:
    title = "Clean harbours for the EU with electric ships and CO2 capture"
    assert evidence(imported, TOWN, "101000002").title == title


def test_a_small_company_makes_a_need_in_each_of_its_projects(imported: CordisImport) -> None:
    needs = {past.need.need_id: past.project_id for past in imported.needs}
    assert needs == {
        f"101000001-{SME}": "101000001",
        f"101000001-{NEW}": "101000001",
        f"101000002-{SME}": "101000002",
        f"101000003-{NEW}": "101000003",
    }
    assert need(imported, f"101000001-{SME}") == Need(
        need_id=f"101000001-{SME}",
        title="Lung organoids; safer & sooner",
        text="cell biology; toxicology\nhlth tool",
        country="NL",
        company="Havik BV",
        company_ids=(f"pic:{SME}",),
        language="en",
        asked_on=dt.date(2023, 1, 1),
    )


def test_without_topics_a_need_says_its_title(imported: CordisImport) -> None:
    assert need(imported, f"101000003-{NEW}").text == "A battery that lasts\neic accelerator"


def test_a_code_without_words_adds_nothing(imported: CordisImport) -> None:
    assert need(imported, f"101000002-{SME}").text == "naval engineering"


def test_the_objective_is_said_only_when_asked_for(imported: CordisImport, tmp_path: Path) -> None:
    asked = read_cordis(tmp_path, objectives=True)
    said = "We grow lungs, and test them.\ncell biology; toxicology\nhlth tool"
    assert need(asked, f"101000001-{SME}").text == said
    assert not any("grow lungs" in past.need.text for past in imported.needs)
    assert {fact.description for fact in imported.evidence} == {""}
    told = {fact.title: fact.description for fact in asked.evidence}
    assert told["Lung organoids; safer & sooner"] == "We grow lungs, and test them."
    assert [fact.evidence_id for fact in asked.evidence] == [fact.evidence_id for fact in imported.evidence]


def test_the_title_of_a_call_takes_the_place_of_its_code(tmp_path: Path) -> None:
    topics = [{"projectID": "101000001", "topic": "HORIZON-HLTH-2022-TOOL-11-01", "title": "Tools for &amp; with patients"}]
    found = read_cordis(write_download(tmp_path, topics=topics))
    assert need(found, f"101000001-{SME}").text == "cell biology; toxicology\nTools for & with patients"
    assert need(found, f"101000003-{NEW}").text.endswith("eic accelerator")


def test_the_other_organisations_of_a_project_are_the_known_matches(imported: CordisImport) -> None:
    assert imported.known == {
        f"101000001-{SME}": (f"pic-{LAB}", f"pic-{NEW}"),
        f"101000001-{NEW}": (f"pic-{LAB}", f"pic-{SME}"),
        f"101000002-{SME}": (f"pic-{LAB}", f"pic-{TOWN}"),
        f"101000003-{NEW}": (),
    }


def test_a_company_recognises_itself_in_the_directory(imported: CordisImport) -> None:
    directory = Directory(imported.providers, imported.evidence)
    assert directory.own_organisation(need(imported, f"101000001-{SME}")) == {f"pic-{SME}"}


def test_whole_rows_are_all_kept(imported: CordisImport) -> None:
    assert imported.exclusions == {str(reason): 0 for reason in Exclusion}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"projectID": "7"}, Exclusion.PROJECT_UNKNOWN),
        ({"projectID": ""}, Exclusion.PROJECT_UNKNOWN),
        ({"pic": " "}, Exclusion.NO_PIC),
        ({"pic": LAB}, Exclusion.PARTICIPATION_TWICE),
    ],
)
def test_a_broken_participation_is_counted(tmp_path: Path, row: dict[str, str], reason: Exclusion) -> None:
    broken = participation("101000001", "1", name="Some Institute", country="NL") | row
    assert excluded(tmp_path, broken) == {reason: 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"country": "ZZ"}, Exclusion.COUNTRY_UNKNOWN),
        ({"country": ""}, Exclusion.COUNTRY_UNKNOWN),
        ({"activityType": ""}, Exclusion.ACTIVITY_UNKNOWN),
        ({"name": "MUSTERMANN ERIKA", "shortName": "GREEN IDEAS"}, Exclusion.PERSON),
        ({"name": ""}, Exclusion.ORGANISATION_UNFIT),
        ({"name": "x" * 501}, Exclusion.ORGANISATION_UNFIT),
    ],
)
def test_an_organisation_that_is_left_out_is_counted_with_its_participations(
    tmp_path: Path, row: dict[str, str], reason: Exclusion
) -> None:
    rows = [
        participation(project, "1", name="Some Institute", country="NL", SME="true") | row
        for project in ("101000001", "101000002")
    ]
    assert excluded(tmp_path, *rows) == {reason: 1, Exclusion.PARTICIPATION_OF_EXCLUDED: 2}


def test_an_organisation_that_is_left_out_is_nobodys_match(tmp_path: Path) -> None:
    row = participation("101000003", "1", name="Some Institute", country="ZZ", SME="true")
    found = read_cordis(write_extract(tmp_path, participations=[*PARTICIPATIONS, row]))
    assert found.known[f"101000003-{NEW}"] == ()
    assert "101000003-1" not in found.known


def test_where_an_organisation_stands_twice_the_first_row_counts(tmp_path: Path) -> None:
    row = participation("101000001", SME, name="Havik Groep NV", country="NL", role="thirdParty")
    found = read_cordis(write_extract(tmp_path, participations=[*PARTICIPATIONS, row]))
    assert provider(found, SME).name == "Havik BV"
    assert evidence(found, SME, "101000001").role == "participant"
    assert f"101000001-{SME}" in found.known


@pytest.mark.parametrize(
    ("project", "reason"),
    [
        ({"id": "8", "title": " "}, Exclusion.PROJECT_UNREADABLE),
        ({"id": "8", "startDate": "soon"}, Exclusion.PROJECT_UNREADABLE),
        ({"id": ""}, Exclusion.PROJECT_UNREADABLE),
        ({}, Exclusion.PROJECT_TWICE),
    ],
)
def test_a_broken_project_is_counted(tmp_path: Path, project: dict[str, str], reason: Exclusion) -> None:
    found = read_cordis(write_extract(tmp_path, projects=[*PROJECTS, PROJECTS[0] | project]))
    assert found.exclusions[reason] == 1
    assert sum(found.exclusions.values()) == 1


def test_a_project_that_no_record_can_hold_is_counted_by_its_participations(tmp_path: Path) -> None:
    found = read_cordis(write_extract(tmp_path, projects=[PROJECTS[0] | {"title": "x" * 2_001}, *PROJECTS[1:]]))
    assert found.exclusions[Exclusion.PROJECT_UNFIT] == 3
    assert {past.project_id for past in found.needs} == {"101000002", "101000003"}


def test_topics_of_unknown_projects_are_counted(tmp_path: Path) -> None:
    fields = [{"projectID": "7", "euroSciVocPath": "/a/b"}, {"projectID": "101000001", "euroSciVocPath": ""}]
    found = read_cordis(write_extract(tmp_path, fields=fields))
    assert found.exclusions[Exclusion.TOPIC_OF_NOBODY] == 1
    assert {item.topics for item in found.evidence} == {""}


def test_progress_ends_with_all_participations(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    read_cordis(write_extract(tmp_path), on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 7), (7, 7)]
