"""When the chain was verified last since the service started, and whether it held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from matcher.errors import RecordBroken
from matcher.log import Head, MatchLog


@dataclass(frozen=True)
class Verification:
    """What came of one."""

    began_at: datetime
    seconds: float
    head: Head | None
    """The newest entry that was checked; `None` where the chain does not hold."""
    broken: str = ""
    """Which entry does not hold, and why."""


class LastVerification:
    """Remembers in memory only: another process may have changed the record while the service was down."""

    def __init__(self) -> None:
        self.found: Verification | None = None
        self._turn = Lock()

    def verify(self, log: MatchLog) -> Head:
        """The head of the chain, after all of it was checked. One at a time: it reads the whole record.

        Raises:
            RecordBroken: names the first entry that does not hold. That is remembered too.
            LogUnavailable: the record cannot be read, and what was found before still counts.
        """
        with self._turn:
            began = datetime.now(UTC)
            try:
                head = log.verify()
            except RecordBroken as refusal:
                self._remember(began, None, str(refusal))
                raise
            self._remember(began, head, "")
            return head

    def _remember(self, began: datetime, head: Head | None, broken: str) -> None:
        self.found = Verification(began, (datetime.now(UTC) - began).total_seconds(), head, broken)
