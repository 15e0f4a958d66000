"""Calls carried out one after the other beside the thread that hands them in: it does not wait for the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class InOrder:
    """Use it in a `with`: at its end all calls were carried out, or one of them raised and those after it were not."""

    def __init__(self, most_waiting: int) -> None:
        """`most_waiting`: calls that wait at a time; whoever hands in one more waits too."""
        self._most = most_waiting
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="in-order")
        self._waiting: deque[Future[None]] = deque()
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self._wait_until(0)
        finally:
            self._ended = True
            self._thread.shutdown()

    def hand_in(self, call: Callable[[], None]) -> None:
        """Have it carried out after those before.

        Raises:
            BaseException: what an earlier call raised.
        """
        self._wait_until(self._most)
        self._waiting.append(self._thread.submit(self._carry_out, call))

    def _wait_until(self, left: int) -> None:
        while len(self._waiting) > left:
            self._waiting.popleft().result()

    def _carry_out(self, call: Callable[[], None]) -> None:
        if self._ended:
            return
        try:
            call()
        except BaseException:
            self._ended = True
            raise
