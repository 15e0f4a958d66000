"""A tiny CORDIS folder with answers known by hand, in the official form and as a plain extract.

Project 1 (begins 2023-01-01): laboratory LAB (DE), small company SME (NL), small company NEW (DK).
Project 2 (begins 2024-07-01): SME, LAB, town TOWN (GR). Project 3 (begins 2024-12-01): NEW alone, no topics.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = dict[str, str]

LAB, SME, NEW, TOWN = "999000001", "999000002", "999000003", "999000004"

PROJECTS: tuple[Row, ...] = (
    {
        "id": "101000001",
        "acronym": "LUNGS",
        "title": "Lung organoids; safer &amp; sooner",
        "startDate": "2023-01-01",
        "totalCost": "1500000.5",
        "topics": "HORIZON-HLTH-2022-TOOL-11-01",
        "objective": "We grow lungs,\nand test them.",
    },
    {
        "id": "101000002",
        "acronym": "HARBOUR",
        "title": "CLEAN HARBOURS FOR THE EU WITH ELECTRIC SHIPS AND CO2 CAPTURE",
        "startDate": "2024-07-01",
        "totalCost": "0",
        "topics": "HORIZON-CL5-2023-D2-01-02",
        "objective": "Ships get clean.",
    },
    {
        "id": "101000003",
        "acronym": "SOLO",
        "title": "A battery that lasts",
        "startDate": "2024-12-01",
        "totalCost": "75000.25",
        "topics": "HORIZON-EIC-2024-ACCELERATOR-01",
        "objective": "It lasts.",
    },
)


def participation(project: str, pic: str, **more: str) -> Row:
    shape = {
        "projectID": project,
        "name": "",
        "shortName": "",
        "SME": "false",
        "activityType": "PRC",
        "city": "",
        "country": "",
        "organizationURL": "",
        "role": "participant",
        "ecContribution": "1000.5",
        "pic": pic,
    }
    return {**shape, **more}


_LAB = {
    "name": "LABORATORIUM FUER LUNGENFORSCHUNG EV",
    "shortName": "LLF",
    "activityType": "REC",
    "city": "BAD HOMBURG",
    "country": "DE",
    "organizationURL": "www.Llf.example/",
}
_SME = {"name": "Havik BV", "shortName": "HAVIK BV", "SME": "true", "city": "Ede", "country": "NL"}
_NEW = {"name": "NYBOLIG, ENERGI APS", "SME": "True", "country": "DK"}
_TOWN = {"name": "DIMOS PEIRAIA", "activityType": "PUB", "city": "Peiraias", "country": "EL"}

PARTICIPATIONS: tuple[Row, ...] = (
    participation("101000001", LAB, **_LAB, role="coordinator"),
    participation("101000001", SME, **_SME),
    participation("101000001", NEW, **_NEW),
    participation("101000002", SME, **_SME, role="coordinator"),
    participation("101000002", LAB, **_LAB),
    participation("101000002", TOWN, **_TOWN, role="associatedPartner"),
    participation("101000003", NEW, **_NEW, role="coordinator"),
)

FIELDS: tuple[Row, ...] = (
    {"projectID": "101000001", "euroSciVocPath": "/medical and health sciences/toxicology", "euroSciVocTitle": "toxicology"},
    {"projectID": "101000001", "euroSciVocPath": "/natural sciences/cells, tissues/cell biology", "euroSciVocTitle": ""},
    {"projectID": "101000002", "euroSciVocPath": "/engineering and technology/naval engineering", "euroSciVocTitle": ""},
)


def _write(file: Path, rows: Sequence[Mapping[str, str]], **form: object) -> None:
    stream = io.StringIO(newline="")
    columns = list(rows[0]) if rows else ["projectID", "euroSciVocPath"]
    writer = csv.DictWriter(stream, columns, lineterminator="\n", **form)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(stream.getvalue(), encoding="utf-8", newline="")


def write_extract(
    folder: Path,
    *,
    projects: Sequence[Row] = PROJECTS,
    participations: Sequence[Row] = PARTICIPATIONS,
    fields: Sequence[Row] = FIELDS,
) -> Path:
    """As somebody may cut a piece out of CORDIS: commas, quotes where needed, small file names in the plural."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "projects.csv", projects)
    _write(folder / "organizations.csv", participations)
    _write(folder / "euroscivoc.csv", fields)
    return folder


def write_download(folder: Path, *, participations: Sequence[Row] = PARTICIPATIONS, topics: Sequence[Row] = ()) -> Path:
    """As CORDIS gives it out: semicolons, everything in quotes, byte order mark, decimal commas, other names of columns."""
    folder.mkdir(parents=True, exist_ok=True)
    form = {"delimiter": ";", "quoting": csv.QUOTE_ALL}
    _write(folder / "project.csv", [row | {"totalCost": row["totalCost"].replace(".", ",")} for row in PROJECTS], **form)
    _write(folder / "organization.csv", [_official(row) for row in participations], **form)
    _write(folder / "euroSciVoc.csv", FIELDS, **form)
    if topics:
        _write(folder / "topics.csv", topics, **form)
    for file in folder.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    return folder


def _official(row: Row) -> Row:
    changed = row | {"ecContribution": row["ecContribution"].replace(".", ","), "organisationID": row["pic"], "vatNumber": "X1"}
    del changed["pic"]
    return changed
