"""How much time is left for planning."""

from __future__ import annotations

import time


class Clock:
    """Runs from when it is made."""

    def __init__(self, seconds: float, whole: Clock | None = None) -> None:
        self._start = time.perf_counter()
        self._seconds = seconds
        self._whole = whole
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

    def part(self, share: float) -> Clock:
        """A clock for a part of the time that is left."""
        return Clock(share * self.left, self)

    def is_up(self) -> bool:
        """No time is left; whoever asks stops for it."""
        if self.left > 0:
            return False
        self.strike()
        return True

    def strike(self) -> None:
        """Tell that something was cut short."""
        self.struck = True
        if self._whole is not None:
            self._whole.strike()
