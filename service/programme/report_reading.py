"""The programme's report from a record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from embeddings.errors import shown
from matcher.errors import NotFound
from matcher.programme.application import ApplicationHistory
from matcher.programme.book import ApplicationQuery
from matcher.programme.report import programme_report
from matcher.programme.report_records import ProgrammeReport
from matcher.records import NeedKind
from service.record.sql_links import SqlLinks
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from service.record.tables import match_lists, matches

_AT_ONCE = 500


def read_report(log: SqlMatchLog, now: datetime, *, region: str | None = None) -> ProgrammeReport:
    """What the record tells of the programme.

    Args:
        log: the record.
        now: with its zone.
        region: of this region only.

    Raises:
        NotFound: no rules are in force, or they have no such region.
    """
    book = SqlProgramme(log)
    programme = book.in_force().programme
    if region is not None and programme.region(region) is None:
        known = ", ".join(one.region_id for one in programme.regions)
        raise NotFound("region", "be one of the programme", shown(region), f"Known are: {known}.")
    applications = list(book.applications(ApplicationQuery(), region=region))
    return programme_report(
        programme,
        applications,
        log.histories(region=region),
        log.given_out(region=region),
        SqlLinks(log).surveys(region=region),
        book.ledger(region=region),
        now,
        need_kinds=_need_kinds(log, applications),
        region=region,
        simulated_rules={one.programme.version for one in book.versions() if one.programme.simulated},
    )


def _need_kinds(log: SqlMatchLog, applications: Iterable[ApplicationHistory]) -> dict[int, NeedKind]:
    """Number of a match → kind of its need; a need that tells none is left out. Words are not read."""
    numbers = sorted({one.application.match_id for one in applications})
    found: dict[int, NeedKind] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        chosen = (
            select(matches.c.id, match_lists.c.request)
            .join_from(matches, match_lists)
            .where(matches.c.id.in_(numbers[start : start + _AT_ONCE]))
        )
        with log.database.reading() as connection:
            rows = connection.execute(chosen).all()
        found |= {row.id: kind for row in rows if (kind := json.loads(row.request)["need"].get("kind")) is not None}
    return found
