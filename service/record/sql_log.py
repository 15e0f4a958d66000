"""The match log in a SQL database: what `matcher.log.MatchLog` promises, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, delete, false, insert, select

from embeddings.errors import shown
from matcher.errors import LogUnavailable, NotFound
from matcher.lifecycle import NewStep, Step, check_day, check_step
from matcher.log import (
    Erasure,
    GivenOut,
    Head,
    ListQuery,
    ListSummary,
    LoggedList,
    LoggedMatch,
    MatchHistory,
    MatchQuery,
    Once,
)
from service.record import queries
from service.record.chain import ChainEnd, sha256
from service.record.database import Database
from service.record.idempotency import entry_under, forget, remember
from service.record.prepared import prepared, write_lists
from service.record.schema import upgrade
from service.record.tables import confidential, engines, entries, match_lists, note_words, notes
from service.record.verifying import verified
from service.record.writer import Writer, WritingObserver

Result = TypeVar("Result")
_ROWS_AT_ONCE = 500


class SqlMatchLog:
    """Append-only: no call changes a row, and the only one that deletes takes out confidential words."""

    def __init__(self, url: str, observer: WritingObserver | None = None) -> None:
        self.database = Database(url)
        self.writer = Writer(self.database, observer)
        self._known_engines: set[str] = set()
        self._known_turn = threading.Lock()
        try:
            with self.database.writing() as connection:
                moved = upgrade(connection)
            if moved:
                self.database.leave_no_trace()
        except BaseException:
            self.close()
            raise

    def record(self, entry: LoggedList, components: Mapping[str, Any], once: Once | None = None) -> LoggedList:
        """Write a list and its matches in one transaction; see `matcher.log.MatchLog`."""
        # Everything that can be made beforehand is: the lock is held only to write.
        ready, engine = prepared(entry), entry.answer.engine

        def write(chain: ChainEnd) -> int | None:
            if once is not None and (there := entry_under(chain.connection, once)) is not None:
                return there
            self.remember_engine(chain, engine, components, entry.asked_by)
            head = write_lists(chain, [ready])
            if once is not None:
                remember(chain.connection, once, head.seq)
            return None

        there = self.write_with_engine(write)
        if there is not None:
            return self._list_of_entry(there)
        self.engine_is_known(engine)
        return entry

    def write_with_engine(self, work: Callable[[ChainEnd], Result]) -> Result:
        """As `writer.write`, for what writes lists: they rest on their engine being on record."""
        try:
            return self.writer.write(work)
        except LogUnavailable:
            # Perhaps another database answers next, one to which the engine is unknown.
            with self._known_turn:
                self._known_engines.clear()
            raise

    def remember_engine(self, chain: ChainEnd, fingerprint: str, components: Mapping[str, Any], by: str) -> None:
        """Put on record, once, what an engine consists of. Call `engine_is_known` when that is durable."""
        with self._known_turn:
            if fingerprint in self._known_engines:
                return
        if queries.components_of(chain.connection, fingerprint) is None:
            written = json.dumps(components, sort_keys=True)
            chain.connection.execute(insert(engines).values(fingerprint=fingerprint, components=written))
            chain.append("engine", {"fingerprint": fingerprint, "components": f"sha256:{sha256(written)}"}, by=by)

    def engine_is_known(self, fingerprint: str) -> None:
        """To be called once the engine is durable: what was not made durable must be written by the next."""
        with self._known_turn:
            self._known_engines.add(fingerprint)

    def given_before(self, once: Once) -> LoggedList | None:
        """The list on record under that key; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            there = entry_under(connection, once)
        return None if there is None else self._list_of_entry(there)

    def get(self, list_id: str) -> LoggedList:
        """The list of that id; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.list_of(connection, queries.key_of_list(connection, list_id))

    def lists(self, query: ListQuery) -> list[ListSummary]:
        """The newest lists first; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.summaries(connection, query)

    def matches(self, query: MatchQuery) -> list[LoggedMatch]:
        """Matches in order of recording; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.matches_of(connection, query)

    def every_match(self) -> Iterator[LoggedMatch]:
        """All matches, a few hundred at a time; see `matcher.log.MatchLog`."""
        after = 0
        while page := self.matches(MatchQuery(after=after, limit=_ROWS_AT_ONCE)):
            yield from page
            after = page[-1].match_id

    def record_step(self, new: NewStep, by: str, once: Once | None = None) -> Step:
        """Write what became of a match; see `matcher.log.MatchLog`."""

        def write(chain: ChainEnd) -> Step:
            if once is not None and (there := entry_under(chain.connection, once)) is not None:
                return queries.step_at(chain.connection, there)
            history = queries.history_of(chain.connection, new.match_id)
            check_step(history.steps, new)
            check_day(new, history.match.created_at.date())
            key = queries.key_of_list(chain.connection, history.match.list_id)
            head = chain.append("step", new.model_dump(mode="json"), by=by, match_list=key, match=new.match_id)
            if once is not None:
                remember(chain.connection, once, head.seq)
            return queries.step_at(chain.connection, head.seq)

        return self.writer.write(write)

    def steps(self) -> Iterator[Step]:
        """All steps, a few hundred at a time; see `matcher.log.MatchLog`."""
        after = 0
        while page := self._steps_after(after):
            yield from page
            after = page[-1].step_id

    def history(self, match_id: int) -> MatchHistory:
        """A match with its steps; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.history_of(connection, match_id)

    def histories_on(self, list_id: str) -> list[MatchHistory]:
        """Every match of a list with its steps; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.histories_on_list(connection, queries.key_of_list(connection, list_id))

    def histories(self, *, region: str | None = None) -> Iterator[MatchHistory]:
        """Every match that has steps, a few hundred at a time; see `matcher.log.MatchLog`."""
        after = 0
        while page := self._histories_after(after, region):
            yield from page
            after = page[-1].match.match_id

    def histories_of(self, company: str, country: str, *, before_list: str | None = None) -> list[MatchHistory]:
        """What the record tells of a company; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.histories_of_company(connection, company, country, before_list)

    def given_out(self, *, region: str | None = None) -> list[GivenOut]:
        """Counts of lists and matches; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return queries.given_out(connection, region)

    def erase(self, list_id: str, by: str) -> Erasure:
        """Take the need's own words out of the record; see `matcher.log.MatchLog`."""

        def write(chain: ChainEnd) -> Erasure:
            key = queries.key_of_list(chain.connection, list_id)
            self._erase(chain, key, list_id, by)
            told = chain.connection.execute(_erasure_of(key)).one()
            return Erasure(list_id=list_id, erased_at=told.recorded_at.replace(tzinfo=UTC), erased_by=told.recorded_by)

        erasure = self.writer.write(write)
        self.database.leave_no_trace()
        return erasure

    def erase_before(self, moment: datetime, by: str) -> int:
        """Erase the words of all older needs; see `matcher.log.MatchLog`."""
        older = match_lists.c.created_at < moment.astimezone(UTC).replace(tzinfo=None)
        chosen = select(match_lists.c.id, match_lists.c.list_id).join(confidential).where(older).limit(_ROWS_AT_ONCE)

        def write(chain: ChainEnd) -> int:
            rows = chain.connection.execute(chosen).all()
            for row in rows:
                self._erase(chain, row.id, row.list_id, by)
            return len(rows)

        erased = 0
        while some := self.writer.write(write):
            erased += some
        self.database.leave_no_trace()
        return erased

    def components(self, engine: str) -> dict[str, Any]:
        """What an engine consisted of; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            written = queries.components_of(connection, engine)
        if written is None:
            raise NotFound("engine", "be one that made a match list on record", shown(engine), "See a list's engine.")
        told: dict[str, Any] = json.loads(written)
        return told

    def head(self) -> Head:
        """The head of the chain, unchecked; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return ChainEnd.of(connection).head

    def verify(self) -> Head:
        """Check the chain and all that it covers; see `matcher.log.MatchLog`."""
        with self.database.reading() as connection:
            return verified(connection)

    def entry_hash(self, seq: int) -> str | None:
        """Hash of the entry of that number; `None` where there is none."""
        if not 0 < seq <= queries.LARGEST_ID:
            return None
        with self.database.reading() as connection:
            return connection.execute(select(entries.c.hash).where(entries.c.seq == seq)).scalar()

    def ready(self) -> None:
        """Write nothing, but as if it were something; see `matcher.log.MatchLog`."""
        nothing = select(engines.c.fingerprint, engines.c.components).where(false())
        with self.database.writing() as connection:
            connection.execute(insert(engines).from_select(["fingerprint", "components"], nothing))
            if not self.database.is_postgresql:
                # It is 0 already. SQLite writes the page all the same, and nothing less tells of a full disk.
                connection.exec_driver_sql("PRAGMA user_version=0")

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def _list_of_entry(self, seq: int) -> LoggedList:
        with self.database.reading() as connection:
            key = connection.execute(select(entries.c.match_list).where(entries.c.seq == seq)).scalar_one()
            return queries.list_of(connection, key)

    def _steps_after(self, step_id: int) -> list[Step]:
        with self.database.reading() as connection:
            return queries.steps_after(connection, step_id, _ROWS_AT_ONCE)

    def _histories_after(self, match_id: int, region: str | None) -> list[MatchHistory]:
        with self.database.reading() as connection:
            return queries.histories_after(connection, match_id, _ROWS_AT_ONCE, region)

    @staticmethod
    def _erase(chain: ChainEnd, key: int, list_id: str, by: str) -> None:
        if chain.connection.execute(_erasure_of(key)).one_or_none() is None:
            chain.append("erasure", {"list_id": list_id}, by=by, match_list=key)
            chain.connection.execute(delete(confidential).where(confidential.c.match_list == key))
            own_notes = select(notes.c.seq).where(notes.c.match_list == key)
            chain.connection.execute(delete(note_words).where(note_words.c.note.in_(own_notes)))
            forget(chain.connection, key)


def _erasure_of(key: int) -> Select[Any]:
    return select(entries.c.recorded_at, entries.c.recorded_by).where(entries.c.match_list == key, entries.c.kind == "erasure")
