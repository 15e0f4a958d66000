"""Writes all records that wait in one transaction: one wait for the disk for all of them (group commit)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from service.record.chain import ChainEnd
from service.record.database import Database

Result = TypeVar("Result")
_MOST_AT_ONCE = 200
"""Records of one transaction: the first of them waits no longer than these take together."""


class WritingObserver(Protocol):
    """Hears how writing goes; see `service.operation.metrics`."""

    def written(self, records: int) -> None:
        """So many were made durable in one transaction."""

    def writing_failed(self, records: int) -> None:
        """So many could not be written."""


class _Waiting(Generic[Result]):
    """A record on its way, and what became of it."""

    def __init__(self, work: Callable[[ChainEnd], Result]) -> None:
        self.work = work
        self.since = time.monotonic()
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.done = False

    def carry_out(self, database: Database, chain: ChainEnd) -> None:
        """Do it as a part of the transaction: if it is refused, the chain ends where it did before."""
        before = chain.head
        try:
            with database.part(chain.connection):
                self.result = self.work(chain)
        except ValueError as error:
            chain.head = before
            self.error = error


class Writer:
    """One transaction at a time. Whoever comes while it runs waits, and the next takes everybody along.

    No thread of its own: of those who wait, one whose record is not yet written writes for all.
    """

    def __init__(self, database: Database, observer: WritingObserver | None = None) -> None:
        self._database = database
        self._observer = observer
        self._queue: deque[_Waiting[object]] = deque()
        self._turn = threading.Condition()
        self._taken = False

    def write(self, work: Callable[[ChainEnd], Result]) -> Result:
        """Carry it out in a transaction that holds the record's lock; returns once that is durable.

        Args:
            work: adds rows and entries. It may be called in another thread, and must not keep the connection.

        Raises:
            ValueError: what `work` raised, a refusal or a value that cannot be written. Nothing of it is there; others in
                the same transaction are not touched.
            LogUnavailable: the database does not take it, or cannot be written; in the latter case that is so for all in
                the transaction, and nothing of any of them is there.
            Exception: anything else, for all in the transaction; nothing of any of them is there.
        """
        waiting = _Waiting(work)
        with self._turn:
            self._queue.append(waiting)  # type: ignore[arg-type]
            # Whoever is written by another leaves at once, and does not wait for a turn.
            self._turn.wait_for(lambda: waiting.done or not self._taken)
            own_turn = not waiting.done
            self._taken = self._taken or own_turn
        if own_turn:
            self._write_until(waiting)
        if waiting.error is not None:
            raise waiting.error
        return waiting.result  # type: ignore[return-value]

    @property
    def waiting(self) -> int:
        """How many wait now, those being written included."""
        return len(self._queue)

    @property
    def lag_s(self) -> float:
        """Seconds that the oldest of them has waited."""
        try:
            return time.monotonic() - self._queue[0].since
        except IndexError:
            return 0.0

    def _write_until(self, waiting: _Waiting[Result]) -> None:
        try:
            while not waiting.done:
                self._write_those_that_wait()
        finally:
            with self._turn:
                self._taken = False
                self._turn.notify_all()

    def _write_those_that_wait(self) -> None:
        with self._turn:
            # Taken off the queue only at the end, so that `waiting` and `lag_s` tell of these too.
            batch = [self._queue[place] for place in range(min(len(self._queue), _MOST_AT_ONCE))]
        try:
            with self._database.writing() as connection:
                chain = ChainEnd.of(connection)
                for one in batch:
                    one.carry_out(self._database, chain)
        except BaseException as error:
            for one in batch:
                one.error = error
            if self._observer:
                self._observer.writing_failed(len(batch))
            if not isinstance(error, Exception):
                raise
        else:
            if self._observer:
                self._observer.written(sum(one.error is None for one in batch))
        finally:
            with self._turn:
                for one in batch:
                    self._queue.popleft()
                    one.done = True
                self._turn.notify_all()
