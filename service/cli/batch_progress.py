"""How a batch goes, on standard error: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from service.cli.console import err

_EVERY_S = 30.0
"""Seconds between two lines."""


class _Rate(ProgressColumn):
    """Needs a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last while, as far as it can be told."""
        return Text(f"{task.speed:,.1f}/s" if task.speed else "", style="progress.data.speed")


class BatchProgress:
    """What `service.batch.run.Watcher` asks for. Use it in a `with`."""

    def __init__(self) -> None:
        console = err()
        self._console = console
        self._is_shown = console.is_terminal
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, disable=not self._is_shown, transient=True)
        self._checking = self._bar.add_task("Checking", total=None)
        self._matching = self._bar.add_task("Matching", total=None, visible=False)
        self._began: tuple[float, int] | None = None
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def checked(self, rows: int) -> None:
        """So many rows were looked at."""
        self._bar.update(self._checking, completed=rows)

    def matched(self, done: int, needs: int) -> None:
        """So many of the needs have their list on record."""
        now = time.monotonic()
        if self._began is None:
            # What was done before says nothing about how fast it goes now.
            self._began = now, done
            self._bar.update(self._checking, visible=False)
            self._bar.reset(self._matching, total=needs, completed=done, visible=True)
            if done and not self._is_shown:
                self._say(f"{done:,} of {needs:,} needs are on record already.")
            return
        self._bar.update(self._matching, completed=done)
        if not self._is_shown and (now - self._told >= _EVERY_S or done == needs):
            began, before = self._began
            rate = (done - before) / max(now - began, 1e-9)
            left = f", {_in_words((needs - done) / rate)} left" if rate and done < needs else ""
            self._say(f"{done:,} of {needs:,} needs, {rate:,.1f} a second{left}")
            self._told = now

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)


def _in_words(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minute} min"
    return f"{minute} min {second} s" if minute else f"{second} s"
