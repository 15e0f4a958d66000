"""How much time is left for planning."""

from __future__ import annotations

import time


class Clock:
    """Runs from when it is made."""

    def __init__(self, seconds: float) -> None:
        self._start = time.perf_counter()
        self._seconds = seconds
        self.struck = False
        """Something was cut short, or left out, because time was up."""

    @property
    def spent(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds, 0 when time is up."""
        return max(0.0, self._seconds - self.spent)

    def is_up(self) -> bool:
        """No time is left; whoever asks stops for it."""
        self.struck = self.struck or self.left == 0
        return self.left == 0
