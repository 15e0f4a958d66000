"""A new index is taken into use while the service answers; none that is damaged ever is.

The index on the disk is named by one small file that is replaced by a rename (docs/decisions/0004). When that file changes,
or at SIGHUP, the new index is opened beside the one in use and then put in its place in one assignment. A request in progress
ends with the index that it began with.
"""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Literal, Protocol, Self

from embeddings.errors import Refusal
from matcher.pipeline import Matcher

_MOST_PASSED_OVER = 64
"""Looks at the disk that a refused index is passed over at most, before it is tried again."""

_UNREADABLE = "unreadable"
_logger = logging.getLogger("crossmatch.reload")


class ReloadObserver(Protocol):
    """Hears how reloading goes; see `service.operation.metrics`."""

    def index_taken(self, matcher: Matcher) -> None:
        """A new index was taken into use."""

    def index_refused(self) -> None:
        """The index on the disk cannot be used; the one in use stays."""

    def index_is_newest(self) -> None:
        """The index on the disk is the one in use again."""


class Reloading:
    """Looks for a new index every few seconds, in a thread of its own. Use it in a `with`, or call `start` and `stop`."""

    def __init__(
        self,
        open_new: Callable[[], Matcher],
        take: Callable[[Matcher], None],
        name_on_disk: Callable[[], str],
        *,
        in_use: str,
        observer: ReloadObserver | None = None,
        interval_s: float = 5.0,
    ) -> None:
        """Does nothing yet.

        Args:
            open_new: opens the index on the disk; what it raises means that this one cannot be used.
            take: puts a matcher in the place of the one in use.
            name_on_disk: what changes with the index; see `embeddings.store.named_build`.
            in_use: what that said before the matcher in use was opened: a build that came in between is then not missed.
            observer: hears how it goes.
            interval_s: seconds between two looks at the disk.
        """
        self._open_new = open_new
        self._take = take
        self._name_on_disk = name_on_disk
        self._in_use = in_use
        self._observer = observer
        self._interval_s = interval_s
        self._refused: str | None = None
        self._attempts = self._to_pass_over = 0
        self._one_at_a_time = threading.Lock()
        # Not an Event: a signal may come while the main thread is within one, which then waits for itself.
        self._asked: queue.SimpleQueue[Literal["reload", "stop"]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._watch, name="index reload", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Look no more. An index that is being opened is waited for no longer than that; it may still be taken."""
        self._asked.put("stop")
        self._thread.join(timeout_s)

    def obey_hangup(self) -> None:
        """From now on SIGHUP opens what is on the disk even where its name has not changed. In the main thread only."""
        signal.signal(signal.SIGHUP, self.ask)

    def ask(self, signal_number: int = 0, frame: FrameType | None = None) -> None:
        """Have the thread open what is on the disk, changed or not: also a relevance model is then read again."""
        self._asked.put("reload")

    def check(self) -> bool:
        """Look at the disk now, and return when a new index, if there is one, is opened.

        Returns:
            Whether one was taken into use. One that cannot be used is told in the log, once, and not raised.
        """
        with self._one_at_a_time:
            return self._look(patient=False)

    def _watch(self) -> None:
        while True:
            try:
                asked = self._asked.get(timeout=self._interval_s)
            except queue.Empty:
                with self._one_at_a_time:
                    self._look(patient=True)
                continue
            if asked == "stop":
                return
            with self._one_at_a_time:
                self._refused = None
                self._look(patient=False, unchanged_too=True)

    def _look(self, *, patient: bool, unchanged_too: bool = False) -> bool:
        """`patient`: pass over what was refused before, ever longer; it may be mended, but opening it costs time."""
        try:
            name = self._name_on_disk()
        except OSError as error:
            return self._keep_old(_UNREADABLE, error)
        if name == self._in_use and not unchanged_too:
            self._forget_refused()
            return False
        if patient and name == self._refused and self._to_pass_over:
            self._to_pass_over -= 1
            return False
        began = time.monotonic()
        try:
            matcher = self._open_new()
        except Exception as error:
            # Two builds in a row, and the first was removed while it was opened: nothing is wrong with the second.
            return False if self._overtaken(name) else self._keep_old(name, error)
        self._take(matcher)
        self._in_use, self._refused, self._attempts = name, None, 0
        if self._observer:
            self._observer.index_taken(matcher)
        told = {"engine": matcher.fingerprint, "providers": len(matcher.index), "seconds": round(time.monotonic() - began, 2)}
        _logger.info("a new index is in use", extra=told)
        return True

    def _overtaken(self, name: str) -> bool:
        try:
            return name != self._name_on_disk()
        except OSError:
            return False

    def _forget_refused(self) -> None:
        if self._refused is not None:
            self._refused, self._attempts = None, 0
            if self._observer:
                self._observer.index_is_newest()

    def _keep_old(self, name: str, error: Exception) -> bool:
        if name != self._refused:
            self._refused, self._attempts = name, 0
            # A refusal says all there is to say; of anything else the way there matters.
            trace = None if isinstance(error, Refusal) else error
            _logger.error("the new index is not used, the old one stays: %s", error, exc_info=trace)
        self._attempts += 1
        self._to_pass_over = min(2**self._attempts, _MOST_PASSED_OVER)
        if self._observer:
            self._observer.index_refused()
        return False
