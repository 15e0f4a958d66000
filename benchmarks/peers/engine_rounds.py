"""All vector searches in turn, round by round, and how much of the exact ten each finds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

COUNTRIES = ("a", "b")


@dataclass
class Measured:
    """What one engine did."""

    opened: float = 0.0
    memory: float = 0.0
    rates: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Country → queries a second, by round."""
    recall: dict[str, float] = field(default_factory=dict)
    failed: str = ""


def measured_rounds(names: Sequence[str], case: Path, rounds: int) -> dict[str, Measured]:
    """Build every engine, then let them take turns.

    Args:
        names: of `engines.ENGINES`.
        case: from `search.write_case`.
        rounds: each asks every query in every country.
    """
    found = {name: Measured() for name in names}
    with np.load(case / "case.npz") as kept, ExitStack() as stack:
        exact = {country: kept[f"exact_{country}"].tolist() for country in COUNTRIES}
        running = {}
        # Built one after the other: building takes all processors.
        for name in names:
            running[name] = stack.enter_context(_started(name, case))
            built = _answer(running[name])
            found[name].opened, found[name].failed = built.get("opened", 0.0), built.get("failed", "")
            print(f"{name}: {built}", flush=True)
        for _ in range(rounds):
            for name in names:
                if not found[name].failed:
                    _round(running[name], found[name], exact)
        for process in running.values():
            assert process.stdin is not None
            process.stdin.close()
    return found


def _round(process: subprocess.Popen[str], measured: Measured, exact: dict[str, list[list[int]]]) -> None:
    for country, right in exact.items():
        assert process.stdin is not None
        process.stdin.write(f"{country}\n")
        process.stdin.flush()
        answer = _answer(process)
        if "failed" in answer:
            measured.failed = answer["failed"]
            return
        rows = answer["rows"]
        measured.rates[country].append(len(rows) / answer["seconds"])
        measured.recall[country] = recall(rows, right[: len(rows)])
        measured.memory = answer["memory"]


def recall(found: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> float:
    """The mean share of the right rows that was found."""
    return float(np.mean([len({*one} & {*other}) / len(other) for one, other in zip(found, right, strict=True)]))


def _started(name: str, case: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.peers.one_engine", name, str(case)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        return {"failed": f"ended with {process.wait()}"}
    told: dict[str, Any] = json.loads(line)
    return told
