"""Writes all records that wait in one transaction: one wait for the disk for all of them (group commit)."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from embeddings.errors import Refusal
from service.record.chain import ChainEnd

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

    def carry_out(self, chain: ChainEnd) -> None:
        """Do it within a savepoint: if it is refused, the chain ends where it did before."""
        before, savepoint = chain.head, chain.connection.begin_nested()
        try:
            self.result = self.work(chain)
        except Refusal as refusal:
            savepoint.rollback()
            chain.head = before
            self.error = refusal
        else:
            savepoint.commit()
        # Any other error ends the whole transaction: a full disk has ended it already, savepoints and all.


class Writer:
    """One transaction at a time. Whoever comes while it runs waits, and the next takes everybody along.

    No thread of its own: of those who wait, the first whose turn it is writes for all.
    """

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[Connection]], observer: WritingObserver | None = None
    ) -> None:
        self._transaction = transaction
        self._observer = observer
        self._queue: deque[_Waiting[object]] = deque()
        self._turn = threading.Lock()

    def write(self, work: Callable[[ChainEnd], Result]) -> Result:
        """Carry it out in a transaction that holds the record's lock; returns once that is durable.

        Args:
            work: adds rows and entries. It may be called in another thread, and must not keep the connection.

        Raises:
            Refusal: what `work` raised. Nothing of it is there; others in the same transaction are not touched.
            Exception: anything else, for all in the transaction; nothing of any of them is there.
        """
        waiting = _Waiting(work)
        self._queue.append(waiting)  # type: ignore[arg-type]
        with self._turn:
            while not waiting.done:
                self._write_those_that_wait()
        if waiting.error is not None:
            raise waiting.error
        return waiting.result  # type: ignore[return-value]

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._queue)

    @property
    def lag_s(self) -> float:
        """Seconds that the oldest of them has waited."""
        try:
            return time.monotonic() - self._queue[0].since
        except IndexError:
            return 0.0

    def _write_those_that_wait(self) -> None:
        # Taken off the queue only at the end, so that `waiting` and `lag_s` tell of those being written too.
        batch = [self._queue[place] for place in range(min(len(self._queue), _MOST_AT_ONCE))]
        try:
            with self._transaction() as connection:
                chain = ChainEnd.of(connection)
                for one in batch:
                    one.carry_out(chain)
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
            for one in batch:
                self._queue.popleft()
                one.done = True
