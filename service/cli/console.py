"""Where the command line writes: answers to standard output, everything else to standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

_PLAIN_WIDTH = 120


_CONTROL = {code: "�" for code in (*range(32), *range(127, 160)) if code not in (9, 10)}


def cell(text: str, style: str = "") -> Text:
    """What others wrote, as it may be shown: brackets are no markup, and nothing in it moves the terminal's cursor."""
    return Text(text.translate(_CONTROL), style)


def out() -> Console:
    """Standard output: colour and the terminal's width where there is one, plain and 120 columns where not."""
    return _console(stderr=False)


def err() -> Console:
    """Standard error."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(stderr=stderr, highlight=False, width=_PLAIN_WIDTH, no_color=True)
    return console


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, shown only in a terminal. Yields `report(done, total)`."""
    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
