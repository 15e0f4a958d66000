"""Erases the words of needs that are older than the retention period, while the service runs."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from matcher.errors import LogUnavailable
from matcher.log import MatchLog

_EVERY_S = 3600.0
_BY = "retention period"
_logger = logging.getLogger("crossmatch.retention")


class Retention:
    """Looks at once and then every hour, in a thread of its own. Use it in a `with`."""

    def __init__(self, log: MatchLog, days: int, *, every_s: float = _EVERY_S) -> None:
        """`days`: how long words are kept; 0 keeps them for good, and nothing is done."""
        self._log = log
        self._days = days
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="retention", daemon=True)

    def __enter__(self) -> Self:
        if self._days:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        if self._days:
            self._thread.join(10.0)

    def erase_old(self) -> int:
        """Erase what is too old now; how many needs there were."""
        return self._log.erase_before(datetime.now(UTC) - timedelta(days=self._days), _BY)

    def _watch(self) -> None:
        while True:
            try:
                count = self.erase_old()
                if count:
                    _logger.info("words of needs erased: their time was over", extra={"needs": count})
            except LogUnavailable as error:
                _logger.error("words of old needs could not be erased, it is tried again: %s", error)
            if self._ended.wait(self._every_s):
                return
