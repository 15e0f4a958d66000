"""One plan at a time: planning takes a processor and much memory, and must not be in the way of those who ask for a list."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from embeddings.errors import Refusal


class PlannerBusy(Refusal):
    """Another plan is being made; `again_in_s` is when to ask again."""

    def __init__(self, again_in_s: int) -> None:
        self.again_in_s = again_in_s
        remedy = f"Ask again in {again_in_s} seconds."
        super().__init__("number of plans in the making", "be at most 1 at a time", "one more", remedy)


class PlanningTurn:
    """Whose turn it is. Those who wait do so for a while only, and only some: each keeps one of the service's threads."""

    def __init__(self, patience_s: float = 10.0, most_waiting: int = 8, again_in_s: int = 10) -> None:
        self._patience_s, self._again_in_s = patience_s, again_in_s
        self._turn = threading.Lock()
        self._room = threading.BoundedSemaphore(most_waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Plan within it.

        Raises:
            PlannerBusy: too many wait already, or the turn did not come in time.
        """
        if not self._turn.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self._turn.release()

    def _wait(self) -> None:
        if not self._room.acquire(blocking=False):
            raise PlannerBusy(self._again_in_s)
        try:
            if not self._turn.acquire(timeout=self._patience_s):
                raise PlannerBusy(self._again_in_s)
        finally:
            self._room.release()
