"""From a need to ten providers: Crossmatch beside what a developer would put together instead, speed and quality in one run.

    python -m benchmarks.peers.end_to_end [--write] [--needs 200] [--rounds 3] [--many 128] [--patience 600] [--largest]
        [--sizes 311 10000]

Run in an environment of its own that has `benchmarks/requirements.txt`. `--largest` adds 100,000 providers,
contender by contender with Crossmatch beside each and one need at a time. Who has answered for `--patience` seconds is asked
no more. Directories, model and vectors are kept in `$CROSSMATCH_HOME/peers`, where the next run finds them.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.peers.completion import Completion
from benchmarks.peers.contender import PassageSearch
from benchmarks.peers.contenders import CONTENDERS, OURS, PACKAGES
from benchmarks.peers.directories import SHIPPED, directory_folder
from benchmarks.peers.kept import Better, keep, verdict
from benchmarks.peers.model_folder import kept_agreement, write_folder
from benchmarks.peers.need_encoder import MADE, NeedEncoder
from benchmarks.peers.picture import draw
from benchmarks.peers.rounds import RoundsOrder, Timed, timed_rounds, times
from benchmarks.peers.surroundings import about, load
from benchmarks.peers.texts import Texts
from benchmarks.report import table, write
from matcher.evaluation.statistics import bootstrap_interval

SIZES = (SHIPPED, 10_000)
LARGEST = 100_000
HEADER = ["providers", "contender", "needs", "one need", "times Crossmatch", "1,000 needs", "times Crossmatch", "memory"]
GOAL_RATIO, GOAL_SHARE = 0.4, 0.15
_NOT_AT_LARGEST = ("Haystack, hybrid",)
"""Its store has every vector as a list of Python's numbers: 600,000 of them take more memory than there is."""
_THE_REST = ("match", "record")


def quality(home: Path, model: Path, needs: int) -> tuple[dict[str, list[float]], list[str]]:
    """nDCG@10 by contender and need, and the project of each need."""
    completion = Completion(home, needs)
    found = {OURS: completion.ours()}
    texts = sorted({need.whole_text for need in completion.panel.needs})
    MADE.update(zip(texts, NeedEncoder(model).encode(texts), strict=True))
    for name in CONTENDERS:
        if name != OURS:
            found[name] = completion.of(_over(name, completion.texts, model))
            print(f"{name}: nDCG@10 {np.mean(found[name]):.3f}", flush=True)
    return found, list(completion.panel.groups)


def _over(name: str, texts: Texts, model: Path) -> PassageSearch:
    opened = CONTENDERS[name].over
    assert opened is not None
    return opened(texts, model)


def speed_rows(size: int, timed: dict[str, Timed], many: int) -> list[list[str]]:
    """One row a contender."""
    ours = timed[OURS]
    rows = []
    for name, one in timed.items():
        if one.failed or not one.needs:
            rows.append([f"{size:,}", name, one.failed or "no answer in time", "", "", "", "", ""])
            continue
        need = f"{1000 * median(one.needs.values()):,.0f} ms"
        told = ["", ""]
        if one.at_once:
            told = [f"{1000 / many * median(one.at_once.values()):,.0f} s", f"{times(one.at_once, ours.at_once):.2f}"]
        ratio = f"{times(one.needs, ours.needs):.2f}"
        rows.append([f"{size:,}", name, f"{len(one.needs)}", need, ratio, *told, f"{one.memory:,.0f} MB"])
    return rows


def goals(size: int, timed: dict[str, Timed]) -> list[list[str]]:
    """What was aimed at, and whether it was reached."""
    ours = timed[OURS].needs
    peers = {name: times(ours, one.needs) for name, one in timed.items() if name != OURS and one.needs}
    fastest = max(peers, key=lambda name: peers[name])
    stages = timed[OURS].stages
    share = median([sum(parts) / e for e, *parts in zip(*(stages[s] for s in ("encode", *_THE_REST)), strict=True)])
    encode, match, record = (1000 * median(stages[stage]) for stage in ("encode", *_THE_REST))
    return [
        _goal(size, f"time of a need, of that of {fastest}, the fastest peer", peers[fastest], GOAL_RATIO, ".2f"),
        _goal(size, "ranking, explaining and recording, of the encoder's time", share, GOAL_SHARE, ".1%"),
        [
            f"{size:,}",
            "Crossmatch: encode, match and explain, record",
            f"{encode:,.0f} + {match:.1f} + {record:.1f} ms",
            "",
            "",
        ],
    ]


def _goal(size: int, what: str, found: float, allowed: float, digits: str) -> list[str]:
    return [f"{size:,}", what, f"{found:{digits}}", f"{allowed:{digits}}", "met" if found <= allowed else "not met"]


def largest(home: Path, model: Path, order: RoundsOrder) -> dict[str, Timed]:
    """Crossmatch beside each peer in turn; Crossmatch as it was beside the first."""
    folder = directory_folder(home, LARGEST)
    found: dict[str, Timed] = {}
    for name in CONTENDERS:
        if name != OURS and name not in _NOT_AT_LARGEST:
            pair = timed_rounds([OURS, name], folder, model, order)
            found.setdefault(OURS, pair[OURS])
            found[name] = pair[name]
    return found


def main() -> None:
    """Measure, print, and with `--write` keep."""
    options = _options()
    home = Path(os.environ.get("CROSSMATCH_HOME", ".crossmatch")) / "peers"
    model, before = write_folder(home / "model"), load()
    mean, least = kept_agreement(model)
    order = RoundsOrder(options.rounds, options.many, options.patience)
    speed: dict[int, dict[str, Timed]] = {}
    for size in options.sizes:
        speed[size] = timed_rounds(list(CONTENDERS), directory_folder(home, size), model, order)
        print(table(HEADER, speed_rows(size, speed[size], options.many)), flush=True)
    if options.largest:
        speed[LARGEST] = largest(home, model, replace(order, many=0))
    scores, projects = quality(home, model, options.needs)
    rows = [row for size, timed in speed.items() for row in speed_rows(size, timed, options.many)]
    goal_rows = [row for size, timed in speed.items() for row in goals(size, timed)]
    quality_rows = []
    for name, values in scores.items():
        interval = bootstrap_interval(values, projects)
        quality_rows.append([name, f"{interval.mean:.3f} ({interval.low:.3f}–{interval.high:.3f})"])
    figures = {f"{name}, {size} providers": list(one.needs.values()) for size, t in speed.items() for name, one in t.items()}
    figures = {figure: values for figure, values in figures.items() if values}
    figures |= {f"{name}, nDCG@10": [float(np.mean(values))] for name, values in scores.items()}
    better: dict[str, Better] = {figure: "more" for figure in figures if figure.endswith("nDCG@10")}
    content = "\n\n".join(
        [
            about(PACKAGES, before),
            f"Model of the peers: cosine with the bundled encoder {mean:.5f} in the mean of the needs, {least:.5f} at least. "
            f"Rounds: {options.rounds}; 1,000 needs at the rate of {options.many} at once.",
            table(HEADER, rows),
            table(["providers", "aimed at", "found", "allowed", ""], goal_rows),
            table([f"nDCG@10 on {len(projects)} needs of the shipped benchmark", "mean (95 %)"], quality_rows),
            verdict("peers", figures, better),
        ]
    )
    print(content)
    if options.write:
        largest_of_all = max(options.sizes)
        seconds = {name: median(one.needs.values()) for name, one in speed[largest_of_all].items() if one.needs}
        draw(seconds, {name: float(np.mean(values)) for name, values in scores.items()}, largest_of_all)
        write("peers", f"{content}\n\n![Quality against time](../docs/pictures/peers.png)")
        keep("peers", about(PACKAGES, before), figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--largest", action="store_true")
    for name, number in (("needs", 200), ("rounds", 3), ("many", 128), ("patience", 600)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    return parser.parse_args()


if __name__ == "__main__":
    main()
