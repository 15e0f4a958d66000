"""Where and when a run was made: machine, versions, day and load, for the line above its table."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from importlib import metadata

from benchmarks.report import machine


def load() -> float:
    """Processes that wanted a processor in the last five minutes, in the mean."""
    return os.getloadavg()[1]


def about(packages: Sequence[str], before: float) -> str:
    """One line.

    Args:
        packages: whose versions count.
        before: the load when the run began.
    """
    told = ", ".join(f"{name} {_version(name)}" for name in packages)
    day = dt.datetime.now(dt.UTC).date().isoformat()
    return f"{machine()}; {told}; {day}; load {before:.1f} before the run, {load():.1f} after"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
