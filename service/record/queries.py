"""What can be asked of the record, as SQL. Each function reads within a transaction that `service.record.sql_log` opens."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, case, extract, false, func, select
from sqlalchemy.sql.elements import ColumnElement

from embeddings.errors import TextRefused, check_encodable, shown
from matcher.errors import NotFound
from matcher.lifecycle import Step
from matcher.log import GivenOut, ListQuery, ListSummary, LoggedList, LoggedMatch, MatchHistory, MatchQuery
from service.record.rows import key_of_company, list_summary, logged_list, logged_match, step_of
from service.record.tables import confidential, engines, entries, match_lists, matches

LARGEST_ID = 2**31 - 1
"""The largest number that PostgreSQL's columns hold; it takes no larger one in a question either."""


def key_of_list(connection: Connection, list_id: str) -> int:
    """The row of that list.

    Raises:
        NotFound: there is none.
    """
    found = None
    try:
        check_encodable([list_id])
        found = connection.execute(select(match_lists.c.id).where(match_lists.c.list_id == list_id)).scalar()
    except TextRefused:
        pass  # what no database can hold names no list
    if found is None:
        raise NotFound("match list", "be in the match log", shown(list_id), "crossmatch log list shows the newest.")
    return int(found)


def list_of(connection: Connection, key: int) -> LoggedList:
    """The list of that row, with the need's words where they are still there."""
    row = connection.execute(select(match_lists).where(match_lists.c.id == key)).one()
    chosen = select(matches.c.match).where(matches.c.match_list == key).order_by(matches.c.rank)
    words = connection.execute(select(confidential.c.words).where(confidential.c.match_list == key)).scalar()
    erased_at = None
    if words is None:
        erasure = (entries.c.match_list == key) & (entries.c.kind == "erasure")
        erased_at = connection.execute(select(entries.c.recorded_at).where(erasure)).scalar()
    return logged_list(row, connection.execute(chosen).scalars().all(), words, erased_at)


def summaries(connection: Connection, query: ListQuery) -> list[ListSummary]:
    """Lists, newest first."""
    asked = select(match_lists).order_by(match_lists.c.id.desc()).limit(query.limit)
    if query.need_region is not None:
        asked = asked.where(match_lists.c.region == query.need_region)
    if query.company is not None:
        key = key_of_company(query.company, "??")
        # A company of that name in any country: the key is two letters, a colon and the name.
        asked = asked.where(func.substr(match_lists.c.company_key, 4) == key[3:] if key else false())
    if query.batch is not None:
        asked = asked.where(match_lists.c.batch == query.batch)
    if query.before is not None:
        asked = asked.where(match_lists.c.id < min(query.before, LARGEST_ID))
    return summaries_of(connection, asked)[::-1]


def summaries_of(connection: Connection, asked: Select[Any]) -> list[ListSummary]:
    """Those rows of `match_lists` with counts of their matches, in order of recording."""
    chosen = asked.subquery()
    counts = (
        select(
            matches.c.match_list,
            func.count().label("matches"),
            func.sum(case((matches.c.cross_border, 1), else_=0)).label("cross_border"),
        )
        .where(matches.c.match_list.in_(select(chosen.c.id)))
        .group_by(matches.c.match_list)
        .subquery()
    )
    whole = (
        select(chosen, counts.c.matches, counts.c.cross_border)
        .outerjoin(counts, counts.c.match_list == chosen.c.id)
        .order_by(chosen.c.id)
    )
    return [list_summary(row) for row in connection.execute(whole)]


def matches_of(connection: Connection, query: MatchQuery) -> list[LoggedMatch]:
    """Matches in order of recording."""
    conditions: dict[ColumnElement[Any], Any] = {
        match_lists.c.list_id: query.list_id,
        matches.c.provider_id: query.provider_id,
        match_lists.c.country: query.need_country,
        match_lists.c.region: query.need_region,
        matches.c.country: query.provider_country,
        matches.c.category: query.category,
        matches.c.cross_border: query.cross_border,
    }
    selected = _logged_matches()
    for column, value in conditions.items():
        if value is not None:
            selected = selected.where(column == value)
    if query.since is not None:
        selected = selected.where(match_lists.c.created_at >= query.since.replace(tzinfo=None))
    if query.until is not None:
        selected = selected.where(match_lists.c.created_at < query.until.replace(tzinfo=None))
    selected = selected.where(matches.c.id > min(query.after, LARGEST_ID)).order_by(matches.c.id).limit(query.limit)
    return [logged_match(row) for row in connection.execute(selected)]


def steps_after(connection: Connection, step_id: int, limit: int) -> list[Step]:
    """The next steps in order of recording, after the one of that id."""
    chosen = select(entries).where(entries.c.kind == "step", entries.c.seq > step_id).order_by(entries.c.seq).limit(limit)
    return [step_of(row) for row in connection.execute(chosen)]


def step_at(connection: Connection, step_id: int) -> Step:
    """The step of that id, which there is."""
    return step_of(connection.execute(select(entries).where(entries.c.seq == step_id)).one())


def steps_of(connection: Connection, match_id: int) -> list[Step]:
    """All steps of a match in order of recording."""
    chosen = select(entries).where(entries.c.kind == "step", entries.c.match == match_id).order_by(entries.c.seq)
    return [step_of(row) for row in connection.execute(chosen)]


def history_of(connection: Connection, match_id: int) -> MatchHistory:
    """A match with its steps.

    Raises:
        NotFound: there is no such match.
    """
    row = None
    if 0 < match_id <= LARGEST_ID:
        row = connection.execute(_logged_matches().where(matches.c.id == match_id)).one_or_none()
    if row is None:
        raise NotFound("match", "be in the match log", shown(match_id), "crossmatch log export shows each match_id.")
    return MatchHistory(match=logged_match(row), steps=tuple(steps_of(connection, match_id)))


def histories_on_list(connection: Connection, key: int) -> list[MatchHistory]:
    """All matches of that row's list, those without steps too, in order of rank."""
    found = _histories(connection, matches.c.match_list == key, entries.c.match_list == key)
    return sorted(found, key=lambda one: one.match.match.rank)


def histories_after(connection: Connection, match_id: int, limit: int, region: str | None) -> list[MatchHistory]:
    """The next matches that have steps, after the one of that id."""
    stepped = (
        select(entries.c.match)
        .where(entries.c.kind == "step", entries.c.match > match_id)
        .group_by(entries.c.match)
        .order_by(entries.c.match)
    )
    if region is not None:
        stepped = stepped.join(match_lists, match_lists.c.id == entries.c.match_list).where(match_lists.c.region == region)
    numbers = connection.execute(stepped.limit(limit)).scalars().all()
    return _histories(connection, matches.c.id.in_(numbers), entries.c.match.in_(numbers))


def histories_of_company(connection: Connection, company: str, country: str, before_list: str | None) -> list[MatchHistory]:
    """Matches of a company that have steps, as they stood when a list was given out or stand now."""
    key = key_of_company(company, country)
    if not key:
        return []
    own_lists = select(match_lists.c.id).where(match_lists.c.company_key == key)
    steps = (entries.c.kind == "step") & entries.c.match_list.in_(own_lists)
    if before_list is not None:
        given = (entries.c.kind == "match list") & (entries.c.match_list == key_of_list(connection, before_list))
        steps &= entries.c.seq < select(entries.c.seq).where(given).scalar_subquery()
    numbers = connection.execute(select(entries.c.match).where(steps).distinct()).scalars().all()
    return _histories(connection, matches.c.id.in_(numbers), steps) if numbers else []


def given_out(connection: Connection, region: str | None) -> list[GivenOut]:
    """Counts of lists and matches by region, country and month."""
    groups = (
        match_lists.c.region,
        match_lists.c.country,
        extract("year", match_lists.c.created_at),
        extract("month", match_lists.c.created_at),
    )
    without = case((match_lists.c.verdict == "no good match", match_lists.c.id))
    counted = (
        select(
            match_lists.c.region,
            match_lists.c.country,
            groups[2].label("year"),
            groups[3].label("month"),
            func.count(match_lists.c.id.distinct()).label("lists"),
            func.count(without.distinct()).label("without"),
            func.count(matches.c.id).label("matches"),
            func.sum(case((matches.c.cross_border, 1), else_=0)).label("cross_border"),
        )
        .outerjoin(matches, matches.c.match_list == match_lists.c.id)
        .group_by(*groups)
        .order_by(groups[2], groups[3], match_lists.c.region, match_lists.c.country)
    )
    if region is not None:
        counted = counted.where(match_lists.c.region == region)
    return [
        GivenOut(
            region=row.region,
            country=row.country,
            month=f"{int(row.year):04}-{int(row.month):02}",
            lists=row.lists,
            without_match=row.without,
            matches=row.matches,
            cross_border=row.cross_border,
        )
        for row in connection.execute(counted)
    ]


def components_of(connection: Connection, engine: str) -> str | None:
    """What an engine consisted of, as JSON."""
    return connection.execute(select(engines.c.components).where(engines.c.fingerprint == engine)).scalar()


def _logged_matches() -> Select[Any]:
    of_list = [column for column in match_lists.c if column.name not in ("id", "request")]
    return (
        select(matches.c.id, matches.c.rank, matches.c.match, *of_list, confidential.c.words)
        .join_from(matches, match_lists)
        .outerjoin(confidential, confidential.c.match_list == match_lists.c.id)
    )


def _histories(connection: Connection, which: ColumnElement[bool], steps: ColumnElement[bool]) -> list[MatchHistory]:
    chosen = select(entries).where(entries.c.kind == "step", steps).order_by(entries.c.match, entries.c.seq)
    by_match = groupby(connection.execute(chosen), key=lambda row: row.match)
    taken = {number: tuple(step_of(row) for row in rows) for number, rows in by_match}
    rows = connection.execute(_logged_matches().where(which).order_by(matches.c.id))
    return [MatchHistory(match=logged_match(row), steps=taken.get(row.id, ())) for row in rows]
