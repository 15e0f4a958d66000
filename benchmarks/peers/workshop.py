"""Plans of workshops: the planner, greedily, as papers are assigned to reviewers, and one integer program over everything.

    python -m benchmarks.peers.workshop [--write] [--rounds 3]

All make the sum of values as great as can be (fairness is off, as the others know none) under the same rules. The checker
looks at them afterwards: a way that does not know a rule may break it. Events are `benchmarks/made_events.py`'s.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_events import EVERYTHING, Shape
from benchmarks.peers.joint_program import joint_plan
from benchmarks.peers.kept import Better, keep, verdict
from benchmarks.peers.min_cost_flow import flow_plan
from benchmarks.peers.surroundings import about, load
from benchmarks.report import table, write
from matcher.workshop.baselines import greedy_plan
from matcher.workshop.checker import check
from matcher.workshop.event import Event, Loads
from matcher.workshop.plan import Plan
from matcher.workshop.planning import plan_workshop

SECONDS = 60.0
_LOADS = Loads(company_least=2, company_most=6, provider_least=1, provider_most=6)
EVENTS = {
    "40 × 60, all day": Shape(40, 60, fair=False),
    "40 × 60, 14 tables, 40 % not all day": Shape(40, 60, tables=14, part_of_day=0.4, fair=False),
    "40 × 60, everything on": Shape(40, 60, tables=14, loads=_LOADS, fair=False, **EVERYTHING),
    "100 × 60, all day": Shape(100, 60, fair=False),
    "100 × 60, 28 tables, 40 % not all day": Shape(100, 60, tables=28, part_of_day=0.4, fair=False),
    "100 × 60, everything on": Shape(
        100, 60, tables=28, loads=Loads(company_least=1, provider_least=1, provider_most=8), fair=False, **EVERYTHING
    ),
}
WAYS: dict[str, Callable[[Event, NDArray[np.float64]], Plan | None]] = {
    "Crossmatch": lambda event, chances: plan_workshop(event, chances, seconds=SECONDS),
    "greedy": greedy_plan,
    "flow, then colouring": flow_plan,
    "joint integer program": lambda event, chances: joint_plan(event, chances, seconds=SECONDS),
}
_PACKAGES = ("ortools", "highspy", "scipy")


def plans(name: str, rounds: int) -> tuple[list[list[str]], dict[str, list[float]]]:
    """Rows of one event, and its figures."""
    event, probabilities = EVENTS[name].event(0)
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    made: dict[str, Plan | None] = {}
    for _ in range(rounds):
        for way, plan_of in WAYS.items():
            # Who needs long once needs it every time.
            if not seconds[way] or seconds[way][0] < SECONDS / 4:
                began = time.perf_counter()
                made[way] = plan_of(event, probabilities)
                seconds[way].append(time.perf_counter() - began)
    best = max(plan.quality.value for plan in made.values() if plan is not None and not check(event, plan))
    rows = []
    for way, plan in made.items():
        rows.append([name, way, *_told(event, plan, best), f"{median(seconds[way]):.2f}"])
        print(" | ".join(rows[-1]), flush=True)
    figures = {f"{name}, {way}, seconds": taken for way, taken in seconds.items()}
    figures |= {f"{name}, {way}, value": [plan.quality.value] for way, plan in made.items() if plan is not None}
    return rows, figures


def _told(event: Event, plan: Plan | None, best: float) -> list[str]:
    if plan is None:
        return ["", "none in time", "", ""]
    broken = check(event, plan)
    value = plan.quality.value
    verdict_of_checker = f"{len(broken)} rules broken" if broken else "sound"
    return [f"{plan.quality.meetings}", f"{value:.2f}", f"{value / best:.2%}", verdict_of_checker]


def main() -> None:
    """Measure, print, and with `--write` keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    before = load()
    rows: list[list[str]] = []
    figures: dict[str, list[float]] = {}
    for plan_of in WAYS.values():
        # What is imported on the first call is none of the plan's time.
        plan_of(*Shape(4, 4, slots=4, fair=False).event(0))
    for name in EVENTS:
        of_event, found = plans(name, options.rounds)
        rows += of_event
        figures |= found
    better: dict[str, Better] = {figure: "more" for figure in figures if figure.endswith("value")}
    header = ["event", "made", "meetings", "value", "of the best sound plan", "checker", "seconds"]
    content = f"{about(_PACKAGES, before)}; rounds: {options.rounds}\n\n{table(header, rows)}\n\n"
    content += verdict("peers-workshop", figures, better)
    print(content)
    if options.write:
        write("peers-workshop", content)
        keep("peers-workshop", about(_PACKAGES, before), figures)


if __name__ == "__main__":
    main()
