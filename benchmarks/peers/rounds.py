"""All contenders in turn, need by need, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.contenders import CONTENDERS
from matcher.shipped import shipped_needs


@dataclass(frozen=True)
class RoundsOrder:
    """How much is measured."""

    rounds: int
    """In each, every need has other words."""
    many: int
    """Needs asked for at once, once a round; 0 leaves them out."""
    patience: float
    """Seconds of answering after which a contender is asked no more: its figures are from the needs until then."""


@dataclass
class Timed:
    """What one contender took."""

    opened: float = 0.0
    needs: dict[tuple[int, int], float] = field(default_factory=dict)
    """Round and need → seconds."""
    at_once: dict[int, float] = field(default_factory=dict)
    """Round → seconds of many needs at once."""
    stages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: float = 0.0
    """Largest resident memory, in MB."""
    failed: str = ""

    @property
    def spent(self) -> float:
        """Seconds of answering."""
        return sum(self.needs.values()) + sum(self.at_once.values())


def times(one: dict[Any, float], other: dict[Any, float]) -> float:
    """Median ratio over what both were asked: what was slow for one for want of a processor was slow for the other."""
    return median([seconds / other[asked] for asked, seconds in one.items() if asked in other])


def timed_rounds(names: Sequence[str], folder: Path, model: Path, order: RoundsOrder) -> dict[str, Timed]:
    """Every sample need, and many needs at once, round by round.

    Args:
        names: of `CONTENDERS`.
        folder: of the directory.
        model: folder of the peers' model.
        order: how much.
    """
    found = {name: Timed() for name in names}
    with ExitStack() as stack:
        running = {name: stack.enter_context(_started(name, folder, model)) for name in names}
        for name, process in running.items():
            found[name].opened = _answer(process, found[name]).get("opened", 0.0)
            print(f"{name}: open after {found[name].opened:.0f} s", flush=True)
        for number in range(order.rounds):
            for place in range(len(shipped_needs())):
                for name, process in running.items():
                    if found[name].spent < order.patience:
                        _ask(process, found[name], number, place)
            for name, process in running.items():
                if order.many and found[name].spent < order.patience:
                    _ask_at_once(process, found[name], number, order.many)
            print({name: round(one.spent, 1) for name, one in found.items()}, flush=True)
        for process in running.values():
            assert process.stdin is not None
            process.stdin.close()
    return found


def _started(name: str, folder: Path, model: Path) -> subprocess.Popen[str]:
    assert name in CONTENDERS
    command = [sys.executable, "-m", "benchmarks.peers.one_contender", name, str(folder), str(model)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _ask(process: subprocess.Popen[str], timed: Timed, number: int, place: int) -> None:
    if answer := _ordered(process, timed, {"round": number, "need": place}):
        timed.needs[number, place] = answer["seconds"]
        for stage, seconds in answer["stages"].items():
            timed.stages[stage].append(seconds)


def _ask_at_once(process: subprocess.Popen[str], timed: Timed, number: int, many: int) -> None:
    if answer := _ordered(process, timed, {"round": number, "many": many}):
        timed.at_once[number] = answer["seconds"]


def _ordered(process: subprocess.Popen[str], timed: Timed, order: dict[str, int]) -> dict[str, Any]:
    """The answer; nothing where it ended."""
    if timed.failed:
        return {}
    assert process.stdin is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    answer = _answer(process, timed)
    timed.memory = answer.get("memory", timed.memory)
    return answer


def _answer(process: subprocess.Popen[str], timed: Timed) -> dict[str, Any]:
    """Its next line; nothing where it came to its end, which is noted."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        timed.failed = f"ended with {process.wait()}"
        return {}
    told: dict[str, Any] = json.loads(line)
    return told
