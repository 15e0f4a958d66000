"""The match log in a SQL database: SQLite by default, one SQLAlchemy code path for all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, case, create_engine, event, false, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from embeddings.errors import TextRefused, check_encodable, shown
from embeddings.write_ahead import write_ahead
from matcher.errors import LogUnavailable, NotFound
from matcher.log import ListSummary, LoggedList, LoggedMatch, MatchQuery, Outcome
from matcher.records import Considered, Match, MatchList, MatchRequest
from service.schema import upgrade
from service.sql_outcomes import add_outcome, checked_outcome, outcomes_after
from service.tables import engines, match_lists, matches

_ROWS_AT_ONCE = 500
_INSERT_LIST, _INSERT_MATCHES = insert(match_lists), insert(matches)


class SqlMatchLog:
    """Append-only: this class has no call that changes or deletes a row."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _open(url)
        self._writer = self._engine.execution_options(writing=True)
        self._known_engines: set[str] = set()
        self._known_turn = threading.Lock()
        with self._writing() as connection:
            upgrade(connection)

    def record(self, entry: LoggedList, components: Mapping[str, Any]) -> None:
        """Write a list and its matches in one transaction; see `matcher.log.MatchLog`."""
        answer = entry.answer
        with self._writing() as connection:
            self._remember_engine(connection, answer.engine, components)
            key = connection.execute(_INSERT_LIST, _list_row(entry)).inserted_primary_key
            assert key is not None
            rows = [_match_row(match, key[0]) for match in answer.matches]
            if rows:
                connection.execute(_INSERT_MATCHES, rows)
        self._known_engines.add(answer.engine)

    def get(self, list_id: str) -> LoggedList:
        """The list of that id; see `matcher.log.MatchLog`."""
        unknown = NotFound("match list", "be in the match log", shown(list_id), "crossmatch log list shows the newest.")
        try:
            check_encodable([list_id])
        except TextRefused:
            raise unknown from None
        with self._reading() as connection:
            found = connection.execute(select(match_lists).where(match_lists.c.list_id == list_id)).one_or_none()
            if found is None:
                raise unknown
            chosen = select(matches.c.match).where(matches.c.match_list == found.id).order_by(matches.c.rank)
            given = connection.execute(chosen).scalars().all()
        return _logged_list(found, given)

    def lists(self, *, limit: int) -> list[ListSummary]:
        """The newest lists first; see `matcher.log.MatchLog`."""
        counts = (
            select(
                matches.c.match_list,
                func.count().label("matches"),
                func.sum(case((matches.c.cross_border, 1), else_=0)).label("cross_border"),
            )
            .group_by(matches.c.match_list)
            .subquery()
        )
        query = (
            select(match_lists, counts.c.matches, counts.c.cross_border)
            .outerjoin(counts, counts.c.match_list == match_lists.c.id)
            .order_by(match_lists.c.id.desc())
            .limit(limit)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [
            ListSummary(
                list_id=row.list_id,
                created_at=row.created_at.replace(tzinfo=UTC),
                asked_by=row.asked_by,
                need_id=row.need_id,
                company=row.company,
                country=row.country,
                region=row.region,
                verdict=row.verdict,
                matches=row.matches or 0,
                cross_border=row.cross_border or 0,
                engine=row.engine,
            )
            for row in rows
        ]

    def matches(self, query: MatchQuery) -> list[LoggedMatch]:
        """Matches in order of recording; see `matcher.log.MatchLog`."""
        with self._reading() as connection:
            return [_logged_match(row) for row in connection.execute(_selected(query))]

    def every_match(self) -> Iterator[LoggedMatch]:
        """All matches, a few hundred at a time; see `matcher.log.MatchLog`."""
        after = 0
        while page := self.matches(MatchQuery(after=after, limit=_ROWS_AT_ONCE)):
            yield from page
            after = page[-1].match_id

    def record_outcome(self, match_id: int, kind: str, reason: str | None, by: str) -> Outcome:
        """Write what became of a match; see `matcher.log.MatchLog`."""
        outcome = checked_outcome(match_id, kind, reason, by)
        with self._writing() as connection:
            return add_outcome(connection, outcome)

    def outcomes(self) -> Iterator[Outcome]:
        """All outcomes, a few hundred at a time; see `matcher.log.MatchLog`."""
        after = 0
        while page := self._outcomes_after(after):
            yield from page
            after = page[-1].outcome_id

    def _outcomes_after(self, outcome_id: int) -> list[Outcome]:
        with self._reading() as connection:
            return outcomes_after(connection, outcome_id, _ROWS_AT_ONCE)

    def ready(self) -> None:
        """Write nothing, but as if it were something; see `matcher.log.MatchLog`."""
        nothing = select(engines.c.fingerprint, engines.c.components).where(false())
        with self._writing() as connection:
            connection.execute(insert(engines).from_select(["fingerprint", "components"], nothing))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _remember_engine(self, connection: Connection, fingerprint: str, components: Mapping[str, Any]) -> None:
        """Keep what an engine consisted of, once. Another process may be first: its row is as good."""
        with self._known_turn:
            if fingerprint in self._known_engines:
                return
        known = connection.execute(select(engines.c.fingerprint).where(engines.c.fingerprint == fingerprint)).scalar()
        if known is None:
            written = json.dumps(components, sort_keys=True)
            try:
                with connection.begin_nested():
                    connection.execute(insert(engines).values(fingerprint=fingerprint, components=written))
            except IntegrityError:
                pass

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._writer.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable("be writable", error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._unavailable("be readable", error) from error

    def _unavailable(self, required: str, error: Exception) -> LogUnavailable:
        place = f"match log {make_url(self._url).render_as_string(hide_password=True)}"
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        remedy = "No answer is given out that is not on record. Free space or give write permission, then ask again."
        return LogUnavailable(place, required, cause, remedy)


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database and not address.database.startswith("file:"):
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
    except (ArgumentError, ImportError) as error:
        remedy = "For instance sqlite:////path/match-log.sqlite3"
        raise LogUnavailable("setting log_url", "be the address of a database", shown(url), remedy) from error
    except OSError as error:
        place, remedy = f"folder of the match log {url}", "Choose another folder with CROSSMATCH_HOME."
        raise LogUnavailable(place, "be writable", error.strerror or str(error), remedy) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers do not wait for writers (WAL), and a commit returns only when it is on the disk (FULL)."""
    # Python's driver would begin transactions late and not at all for DDL: `_begin_sqlite` does it.
    connection.isolation_level = None
    write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once, so that two never wait for each other half-way; migrations included."""
    writing = connection.get_execution_options().get("writing", False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writing else "BEGIN")


def _list_row(entry: LoggedList) -> dict[str, Any]:
    answer, need = entry.answer, entry.answer.request.need
    return {
        "list_id": entry.list_id,
        "request_id": entry.request_id,
        "created_at": entry.created_at.astimezone(UTC).replace(tzinfo=None),
        "asked_by": entry.asked_by,
        "need_id": need.need_id,
        "company": need.company,
        "country": need.country,
        "region": need.region,
        "request": answer.request.model_dump_json(),
        "language": answer.language,
        "verdict": answer.verdict,
        "notes": json.dumps(answer.notes, ensure_ascii=False),
        "considered": answer.considered.model_dump_json(),
        "engine": answer.engine,
    }


def _match_row(match: Match, list_key: int) -> dict[str, Any]:
    return {
        "match_list": list_key,
        "rank": match.rank,
        "provider_id": match.provider_id,
        "category": match.category,
        "country": match.country,
        "cross_border": match.cross_border,
        "score": match.score,
        "parts": json.dumps({part.name: part.value for part in match.parts}),
        "match": match.model_dump_json(),
    }


def _logged_list(row: Row[Any], given: Any) -> LoggedList:
    return LoggedList(
        list_id=row.list_id,
        request_id=row.request_id,
        created_at=row.created_at.replace(tzinfo=UTC),
        asked_by=row.asked_by,
        answer=MatchList(
            request=MatchRequest.model_validate_json(row.request),
            language=row.language,
            verdict=row.verdict,
            notes=tuple(json.loads(row.notes)),
            considered=Considered.model_validate_json(row.considered),
            matches=tuple(Match.model_validate_json(one) for one in given),
            engine=row.engine,
        ),
    )


def _selected(query: MatchQuery) -> Select[Any]:
    conditions = {
        match_lists.c.list_id: query.list_id,
        matches.c.provider_id: query.provider_id,
        match_lists.c.country: query.need_country,
        match_lists.c.region: query.need_region,
        matches.c.country: query.provider_country,
        matches.c.category: query.category,
        matches.c.cross_border: query.cross_border,
    }
    selected = select(matches.c.id, matches.c.match, *(c for c in match_lists.c if c.name not in ("id", "request"))).join_from(
        matches, match_lists
    )
    for column, value in conditions.items():
        if value is not None:
            selected = selected.where(column == value)
    if query.since is not None:
        selected = selected.where(match_lists.c.created_at >= query.since.replace(tzinfo=None))
    if query.until is not None:
        selected = selected.where(match_lists.c.created_at < query.until.replace(tzinfo=None))
    return selected.where(matches.c.id > query.after).order_by(matches.c.id).limit(query.limit)


def _logged_match(row: Row[Any]) -> LoggedMatch:
    return LoggedMatch(
        match_id=row.id,
        list_id=row.list_id,
        created_at=row.created_at.replace(tzinfo=UTC),
        asked_by=row.asked_by,
        need_id=row.need_id,
        company=row.company,
        need_country=row.country,
        need_region=row.region,
        match=Match.model_validate_json(row.match),
    )
