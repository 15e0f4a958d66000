"""How good plans of events are, how far from the best possible, and how long they take; beside what needs no solver.

    python -m benchmarks.workshop [--write]

Events are made up from a seed (`benchmarks/made_events.py`). Each is planned at random, greedily (best pairs first) and by the
solver, under the same rules and in one run. The checker (`matcher.workshop.checker`), which knows nothing of the solver, has
the last word on every plan. The solver may take 60 seconds.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from benchmarks.made_events import EVERYTHING, Shape
from benchmarks.report import machine, table, write
from matcher.errors import PlanImpossible
from matcher.workshop.baselines import greedy_plan, random_plan
from matcher.workshop.checker import check
from matcher.workshop.event import Event, Loads, Wish
from matcher.workshop.plan import Plan
from matcher.workshop.planning import plan_workshop

SEED = 0
EVENTS = {
    "500 × 311, all day, 16 slots": Shape(500, 311, fair=False),
    "the same, fair": Shape(500, 311),
    "500 × 311, 40 % not all day, 150 tables, fair": Shape(500, 311, tables=150, part_of_day=0.4, wishes=0.5, known=0.01),
    "500 × 311, everything on": Shape(
        500, 311, tables=150, loads=Loads(company_least=2, provider_least=1, provider_most=9), **EVERYTHING
    ),
    "500 × 311, 80 % not all day, 130 tables, fair": Shape(500, 311, tables=130, part_of_day=0.8),
    "40 × 60, everything on": Shape(
        40, 60, tables=14, loads=Loads(company_least=2, company_most=6, provider_least=1, provider_most=6), **EVERYTHING
    ),
    "60 × 20, scarce providers, fair": Shape(60, 20, loads=Loads(provider_most=6), part_of_day=0.3),
    "100 companies among themselves, 10 slots, fair": Shape(
        100, 0, slots=10, tables=40, kind="company to company", loads=Loads(company_least=2), part_of_day=0.3, wishes=1.0
    ),
    "5,000 × 3,110, all day, 16 slots": Shape(5000, 3110, fair=False),
    "the same, fair ": Shape(5000, 3110),
}


def row(name: str, how: str, event: Event, plan: Plan, seconds: float) -> list[str]:
    """One plan as a row of the table."""
    broken, quality = check(event, plan), plan.quality
    by_solver = how == "solver"
    gap = "proven optimum" if by_solver and quality.proven == "optimal" else f"{quality.gap:.2%}" if by_solver else ""
    worst = f"{quality.worst_served:.3f}" + (f" of {quality.worst_served_bound:.3f}" if by_solver and event.fair else "")
    verdict = "sound" if not broken else f"{len(broken)} rules broken"
    return [name, how, f"{quality.meetings:,}", f"{quality.value:,.2f}", worst, gap, f"{seconds:.2f}", verdict]


def rows(name: str, shape: Shape) -> list[list[str]]:
    """All three plans of an event."""
    event, probabilities = shape.event(SEED)
    ways: dict[str, Callable[[], Plan]] = {
        "random": lambda: random_plan(event, probabilities, seed=SEED),
        "greedy": lambda: greedy_plan(event, probabilities),
        "solver": lambda: plan_workshop(event, probabilities, seconds=60.0),
    }
    found = []
    for how, plan_of in ways.items():
        start = time.perf_counter()
        plan = plan_of()
        found.append(row(name, how, event, plan, time.perf_counter() - start))
        print(" | ".join(found[-1]), flush=True)
    return found


def conflicts() -> list[list[str]]:
    """How long it takes to say which rules cannot all hold."""
    event, probabilities = Shape(500, 311, part_of_day=0.4).event(SEED)
    p = [one.participant_id for one in event.participants if one.side == "provider"]
    musts = tuple(Wish(of=f"c{number:04}", about=p[3], level="must") for number in range(40, 52))
    asked = {
        "twelve musts with a provider of at most eight": {"wishes": musts},
        "at least five meetings each, 100 tables": {"loads": Loads(company_least=5), "tables": 100},
        "at least three meetings each, and who is there for two slots": {"loads": Loads(company_least=3)},
    }
    found = []
    for name, told in asked.items():
        start = time.perf_counter()
        try:
            plan_workshop(event.model_copy(update=told), probabilities)
            rules = "there is a plan"
        except PlanImpossible as refusal:
            rules = f"{len(refusal.rules)} rules"
        found.append([name, rules, f"{time.perf_counter() - start:.2f}"])
        print(" | ".join(found[-1]), flush=True)
    return found


def main() -> None:
    """Measure, print, and with `--write` keep."""
    header = ["event", "made", "meetings", "value", "worst served", "gap to the bound", "seconds", "checker"]
    measured = [line for name, shape in EVENTS.items() for line in rows(name, shape)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    content = f"{machine()}; largest resident memory {memory:,.0f} MB\n\n{table(header, measured)}\n\n"
    content += table(["500 × 311, rules that cannot all hold", "named", "seconds"], conflicts())
    print(content)
    if "--write" in sys.argv[1:]:
        write("workshop", content)


if __name__ == "__main__":
    main()
