"""Every problem of refused files, one a line on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from matcher.errors import FilesRefused
from service.cli.console import err

_MOST_SHOWN = 100


@contextmanager
def every_problem_told(closing: str) -> Iterator[None]:
    """Where files are refused, tell all their problems and end with code 1.

    Args:
        closing: what became of everything else, for instance `Nothing was written.`
    """
    try:
        yield
    except FilesRefused as refusal:
        console, count = err(), len(refusal.problems)
        for problem in refusal.problems[:_MOST_SHOWN]:
            console.print(str(problem), markup=False, soft_wrap=True)
        if count > _MOST_SHOWN:
            console.print(f"… and {count - _MOST_SHOWN} more")
        console.print(f"{count} {'problem' if count == 1 else 'problems'}. {closing}")
        raise typer.Exit(1) from refusal
