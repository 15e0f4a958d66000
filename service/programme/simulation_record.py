"""A record whose clock is set by hand, and which is made durable now and then instead of after every entry."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from matcher.log import Head
from service.record.chain import ChainEnd
from service.record.database import Database
from service.record.sql_programme import Clock
from service.record.writer import Writer

Result = TypeVar("Result")


@dataclass
class SetClock:
    """Tells the time that it was set to."""

    now: datetime

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@dataclass
class _ClockedChain(ChainEnd):
    """Entries that tell no time of their own get that of the clock."""

    clock: Clock

    def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        by: str,
        at: datetime | None = None,
        match_list: int | None = None,
        match: int | None = None,
    ) -> Head:
        return super().append(kind, body, by=by, at=at or self.clock(), match_list=match_list, match=match)


class SimulatedWriter(Writer):
    """Takes the place of a record's writer where nobody else writes: many records in one transaction, until `flush`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database)
        self._clock = clock
        self._transaction = ExitStack()
        self._chain: _ClockedChain | None = None

    def write(self, work: Callable[[ChainEnd], Result]) -> Result:
        """As `Writer.write`, but durable only after `flush`. A refusal leaves what came before it as it was."""
        if self._chain is None:
            connection = self._transaction.enter_context(self._database.writing())
            self._chain = _ClockedChain(connection, ChainEnd.of(connection).head, self._clock)
        before = self._chain.head
        try:
            with self._database.part(self._chain.connection):
                return work(self._chain)
        except ValueError:
            self._chain.head = before
            raise

    def flush(self) -> None:
        """Make durable what was written; readers see it from now on."""
        self._chain = None
        self._transaction.close()

    def give_up(self) -> None:
        """Undo what is not durable yet; to be called where an error is being handled."""
        self._chain = None
        self._transaction.__exit__(*sys.exc_info())
