"""Batches in the record's database: what `matcher.batch_log.BatchLog` promises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, insert, select

from embeddings.errors import TextRefused, check_encodable, shown
from matcher.batch_log import Batch, BatchClosing, BatchOpening
from matcher.errors import NotFound
from matcher.log import Head, ListSummary, LoggedList, Once
from service.record.chain import ChainEnd, row_document
from service.record.idempotency import entry_under, remember
from service.record.moments import in_utc, plain
from service.record.prepared import PreparedList, prepared, write_lists
from service.record.queries import LARGEST_ID, summaries_of
from service.record.rows import key_of_company
from service.record.sql_log import SqlMatchLog
from service.record.tables import batch_closings, batches, entries, match_lists, matches


class SqlBatches:
    """What `matcher.batch_log.BatchLog` promises."""

    def __init__(self, log: SqlMatchLog) -> None:
        self._log = log

    def open(self, opening: BatchOpening, components: Mapping[str, Any]) -> None:
        """Put the beginning of a batch on record; see `matcher.batch_log.BatchLog`."""
        self._log.write_with_engine(lambda chain: self._open(chain, opening, components))
        self._log.engine_is_known(opening.engine)

    def record(self, entries: Sequence[LoggedList]) -> None:
        """Write lists of open batches; see `matcher.batch_log.BatchLog`."""
        self.record_prepared([prepared(entry) for entry in entries])

    def record_prepared(self, lists: Sequence[PreparedList]) -> None:
        """As `record`, for lists that were made ready elsewhere, in another process for instance."""
        if lists:
            self._log.write_with_engine(lambda chain: write_lists(chain, lists))

    def close(self, batch_id: str, by: str) -> Batch:
        """Put the end of a batch on record; see `matcher.batch_log.BatchLog`."""

        def write(chain: ChainEnd) -> Batch:
            found = _batch(chain.connection, batch_id)
            if found.closing is None:
                _close(chain, batch_id, by)
                found = _batch(chain.connection, batch_id)
            return found

        return self._log.writer.write(write)

    def whole(
        self, opening: BatchOpening, entries: Sequence[LoggedList], components: Mapping[str, Any], once: Once | None = None
    ) -> Batch:
        """Open a batch, record all its lists and close it in one transaction; see `matcher.batch_log.BatchLog`."""
        lists = [prepared(entry) for entry in entries]

        def write(chain: ChainEnd) -> Batch:
            if once is not None and (there := entry_under(chain.connection, once)) is not None:
                return _batch(chain.connection, _batch_of_entry(chain.connection, there))
            self._open(chain, opening, components)
            if lists:
                write_lists(chain, lists)
            head = _close(chain, opening.batch_id, opening.opened_by)
            if once is not None:
                remember(chain.connection, once, head.seq)
            return _batch(chain.connection, opening.batch_id)

        batch = self._log.write_with_engine(write)
        if batch.opening.batch_id == opening.batch_id:
            self._log.engine_is_known(opening.engine)
        return batch

    def given_before(self, once: Once) -> Batch | None:
        """The batch on record under that key.

        Raises:
            KeyReused: the key came before with another request.
        """
        with self._log.database.reading() as connection:
            there = entry_under(connection, once)
            return None if there is None else _batch(connection, _batch_of_entry(connection, there))

    def get(self, batch_id: str) -> Batch:
        """The batch of that id; see `matcher.batch_log.BatchLog`."""
        with self._log.database.reading() as connection:
            return _batch(connection, batch_id)

    def lists(self, batch_id: str, *, region: str | None = None, after: int = 0, limit: int = 50) -> list[ListSummary]:
        """Lists of a batch in order of recording; see `matcher.batch_log.BatchLog`."""
        asked = select(match_lists).where(match_lists.c.batch == batch_id, match_lists.c.id > min(after, LARGEST_ID))
        if region is not None:
            asked = asked.where(match_lists.c.region == region)
        with self._log.database.reading() as connection:
            return summaries_of(connection, asked.order_by(match_lists.c.id).limit(limit))

    def known_companies(self, companies: Sequence[tuple[str, str]]) -> list[bool]:
        """Whose matches have steps; see `matcher.batch_log.BatchLog`."""
        keys = [key_of_company(company, country) for company, country in companies]
        asked = {key for key in keys if key}
        if not asked:
            return [False] * len(keys)
        stepped = select(entries.c.match_list).where(entries.c.kind == "step")
        of_these = (match_lists.c.company_key.in_(asked)) & match_lists.c.id.in_(stepped)
        with self._log.database.reading() as connection:
            known = set(connection.execute(select(match_lists.c.company_key).where(of_these).distinct()).scalars())
        return [key in known for key in keys]

    def _open(self, chain: ChainEnd, opening: BatchOpening, components: Mapping[str, Any]) -> None:
        there = select(batches.c.batch_id).where(batches.c.batch_id == opening.batch_id)
        if chain.connection.execute(there).one_or_none() is not None:
            return
        self._log.remember_engine(chain, opening.engine, components, opening.opened_by)
        row = opening.model_dump() | {"opened_at": plain(opening.opened_at)}
        chain.connection.execute(insert(batches), row)
        chain.append("batch opened", row_document(batches, row), by=opening.opened_by, at=opening.opened_at)


def _close(chain: ChainEnd, batch_id: str, by: str) -> Head:
    at = datetime.now(UTC)
    row = {"batch_id": batch_id, "closed_at": plain(at), "closed_by": by} | _counts(chain.connection, batch_id)
    chain.connection.execute(insert(batch_closings), row)
    return chain.append("batch closed", row_document(batch_closings, row), by=by, at=at)


def _counts(connection: Connection, batch_id: str) -> dict[str, int]:
    without = case((match_lists.c.verdict == "no good match", match_lists.c.id))
    counted = (
        select(
            func.count(match_lists.c.id.distinct()).label("lists"),
            func.count(without.distinct()).label("without_match"),
            func.count(matches.c.id).label("matches"),
            func.coalesce(func.sum(case((matches.c.cross_border, 1), else_=0)), 0).label("cross_border"),
        )
        .outerjoin(matches, matches.c.match_list == match_lists.c.id)
        .where(match_lists.c.batch == batch_id)
    )
    return {name: int(value) for name, value in connection.execute(counted).one()._mapping.items()}


def _batch(connection: Connection, batch_id: str) -> Batch:
    row = None
    try:
        check_encodable([batch_id])
        row = connection.execute(select(batches).where(batches.c.batch_id == batch_id)).one_or_none()
    except TextRefused:
        pass  # what no database can hold names no batch
    if row is None:
        raise NotFound("batch", "be in the match log", shown(batch_id), "crossmatch log list --json shows each list's batch.")
    told = dict(row._mapping) | {"opened_at": in_utc(row.opened_at)}
    end = connection.execute(select(batch_closings).where(batch_closings.c.batch_id == batch_id)).one_or_none()
    closing = None
    if end is not None:
        closing = BatchClosing.model_validate(dict(end._mapping) | {"closed_at": in_utc(end.closed_at)})
    lists = connection.execute(_lists_of(batch_id)).scalar_one()
    return Batch(opening=BatchOpening.model_validate(told), closing=closing, lists=lists)


def _lists_of(batch_id: str) -> Select[Any]:
    return select(func.count()).select_from(match_lists).where(match_lists.c.batch == batch_id)


def _batch_of_entry(connection: Connection, seq: int) -> str:
    """The batch that the entry of its closing speaks of."""
    body = select(entries.c.body).where(entries.c.seq == seq)
    return str(json.loads(connection.execute(body).scalar_one())["batch_id"])
