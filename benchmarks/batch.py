"""How many needs a second a batch matches and puts on record, and how much memory it takes however many there are.

    python -m benchmarks.batch [--write]

Everything is measured in one run, against the plain loop over single requests (`Desk.answer`), each with a durable record of
its own on disk. Needs are the sample needs in five languages with their sentences in another order and a number, so that no
two are alike. Where encodings are to be cached, each text has one of the real vectors, picked by its content, and was asked
for before: how long an encoder takes is no part of that, and is measured apart with the real one.
"""

from __future__ import annotations

import csv
import gc
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.report import machine, table, write
from embeddings.bundled import BundledE5
from embeddings.cache import CachedEncoder
from embeddings.encoder import Encoder, Vectors
from embeddings.language import sentences
from matcher.index import ProviderIndex
from matcher.pipeline import build_matcher
from matcher.records import MatchRequest, Need
from matcher.shipped import shipped_needs_in_all_languages
from service.batch.run import Order, run_batch
from service.batch.workers import keep_what_is_open
from service.desk import Desk, build_index
from service.record.sql_log import SqlMatchLog
from service.settings import Settings

CORES = len(os.sched_getaffinity(0))
SINGLE, MANY, ROUNDS = 300, 6_000, 5
ENCODED = 48
SIZES = (1_000, 10_000, 100_000)
COLUMNS = ("id", "text", "title", "country", "company", "kind", "language", "categories", "region")


class PickedVectors:
    """Real vectors of the sample needs, one picked for each text by its content."""

    def __init__(self, vectors: Vectors, fingerprint: str) -> None:
        self._vectors = vectors
        self.dim = vectors.shape[1]
        self.fingerprint = fingerprint

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors[[sum(text.encode()) % len(self._vectors) for text in texts]]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError


@dataclass
class Watch:
    """When how many lists were on record."""

    moments: list[tuple[float, int]] = field(default_factory=list)

    def checked(self, rows: int) -> None:
        pass

    def matched(self, done: int, needs: int) -> None:
        self.moments.append((time.perf_counter(), done))

    @property
    def seconds(self) -> float:
        """From the first need to the last, other processes started within."""
        return self.moments[-1][0] - self.moments[0][0]

    @property
    def steady_rate(self) -> float:
        """Needs a second once the first part was on record."""
        (began, first), (ended, last) = self.moments[1], self.moments[-1]
        return (last - first) / (ended - began)


def needs(count: int, seed: int = 0) -> Iterator[Need]:
    """No two alike."""
    shuffled = random.Random(seed)
    samples = list(shipped_needs_in_all_languages().values())
    for number in range(count):
        sample = samples[number % len(samples)]
        parts = sentences(sample.text)
        shuffled.shuffle(parts)
        text = f"{' '.join(parts)} ({seed}-{number})"
        yield sample.model_copy(update={"text": text, "need_id": f"{sample.need_id}-{seed}-{number}"})


def write_needs(file: Path, count: int, seed: int = 0) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for need in needs(count, seed):
            told = (need.need_id, need.text, need.title, need.country, need.company, need.kind, need.language)
            writer.writerow([*told, ";".join(need.categories), need.region])
    return file


def new_desk(home: Path, name: str, encoder: Encoder, remembered: int) -> Desk:
    """A desk with an empty record of its own."""
    cached = CachedEncoder(encoder, queries=remembered)
    matcher = build_matcher(ProviderIndex.open(home / "index", cached), cached)
    return Desk(matcher, SqlMatchLog(f"sqlite:///{home / f'{name}.sqlite3'}"))


def picked_vectors(home: Path) -> PickedVectors:
    with np.load(home / "vectors.npz") as kept:
        return PickedVectors(kept["vectors"], str(kept["fingerprint"]))


def keep_vectors(home: Path, encoder: BundledE5) -> None:
    texts = [need.title for need in shipped_needs_in_all_languages().values()]
    np.savez(home / "vectors.npz", vectors=encoder.encode_queries(texts), fingerprint=np.array(encoder.fingerprint))


@contextmanager
def as_in_the_command() -> Iterator[None]:
    """This process as `crossmatch batch` sets itself up, and afterwards as before."""
    before = gc.get_threshold()
    keep_what_is_open()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def rates(home: Path) -> list[list[str]]:
    """Needs a second with encodings cached: the loop, a batch in this process, a batch in as many as there are cores."""
    every = list(needs(MANY))
    desk = new_desk(home, "loop", picked_vectors(home), 10 * 10 * MANY)
    for need in every:
        desk.matcher.encode(need)
    file = write_needs(home / "many.csv", MANY)
    few = write_needs(home / "few.csv", MANY // 4)
    loop: list[float] = []
    alone: list[float] = []
    together: list[tuple[float, float]] = []
    for number in range(ROUNDS):
        requests = [MatchRequest(need=need) for need in every[number * SINGLE : (number + 1) * SINGLE]]
        began = time.perf_counter()
        for request in requests:
            desk.answer(request, asked_by="benchmark")
        loop.append(SINGLE / (time.perf_counter() - began))
        for processes, source in ((0, few), (CORES, file)):
            watch = Watch()
            log = SqlMatchLog(f"sqlite:///{home / f'batch-{number}-{processes}.sqlite3'}")
            order = Order(source, home / "lists.csv", processes=processes)
            with as_in_the_command():
                run_batch(order, Desk(desk.matcher, log), Settings(home=home), watch)
            log.close()
            if processes:
                together.append((watch.steady_rate, MANY / watch.seconds))
            else:
                alone.append(watch.steady_rate)
            (home / f"batch-{number}-{processes}.sqlite3").unlink()
    base = median(loop)
    found = {
        "loop over single requests": base,
        "batch, in one process": median(alone),
        f"batch, in {CORES} processes that match": median(rate for rate, _ in together),
        f"the same, their start included ({MANY:,} needs)": median(rate for _, rate in together),
    }
    return [[name, f"{rate:,.0f}", f"{rate / base:.1f}"] for name, rate in found.items()]


def encoder_share(home: Path, encoder: BundledE5) -> list[list[str]]:
    """Needs a second where nothing is cached, beside the encoder alone on the same texts."""
    asked = list(needs(ENCODED, seed=1))
    texts = sorted({text for need in asked for text in (need.whole_text, *sentences(need.whole_text))}, key=len)

    def alone() -> float:
        began = time.perf_counter()
        encoder.encode_queries(texts)
        return time.perf_counter() - began

    before = alone()
    watch = Watch()
    desk = new_desk(home, "encoding", encoder, 5_000)
    order = Order(write_needs(home / "encoded.csv", ENCODED, seed=1), home / "lists.csv", processes=0)
    run_batch(order, desk, Settings(home=home), watch)
    by_encoder = (before + alone()) / 2
    rows = [("encoder alone, texts sorted by length", by_encoder), ("batch, nothing cached", watch.seconds)]
    return [[name, f"{ENCODED / seconds:.2f}", f"{by_encoder / seconds:.2f}"] for name, seconds in rows]


def peak(home: Path, count: int) -> dict[str, float]:
    """Peak resident memory in MB of a batch in a process of its own."""
    folder = Path(tempfile.mkdtemp(dir=home))
    command = [sys.executable, "-m", "benchmarks.batch", "--memory", str(home), str(folder), str(count)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    shutil.rmtree(folder)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def batch_for_memory(home: Path, folder: Path, count: int) -> None:
    """What `peak` starts."""
    cached = CachedEncoder(picked_vectors(home))
    matcher = build_matcher(ProviderIndex.open(home / "index", cached), cached)
    desk = Desk(matcher, SqlMatchLog(f"sqlite:///{folder / 'record.sqlite3'}"))
    order = Order(write_needs(folder / "needs.csv", count), folder / "lists.csv", processes=CORES)
    began = time.perf_counter()
    run_batch(order, desk, Settings(home=home), Watch())
    seconds = time.perf_counter() - began
    mine, other = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    size = sum(file.stat().st_size for file in folder.glob("record.sqlite3*")) / 2**20
    print(json.dumps({"mine": mine, "other": other, "seconds": seconds, "record": size}))


def memory(home: Path) -> list[list[str]]:
    """Peak memory by number of needs, and what a million would take by the slope between the two largest."""
    found = {count: peak(home, count) for count in SIZES}
    totals = {count: one["mine"] + CORES * one["other"] for count, one in found.items()}
    rows = [
        [
            f"{count:,}",
            f"{one['mine']:,.0f} MB",
            f"{one['other']:,.0f} MB",
            f"{totals[count]:,.0f} MB",
            f"{one['seconds']:,.0f} s",
            f"{one['record'] / count * 1000:,.0f} kB",
        ]
        for count, one in found.items()
    ]
    small, large = SIZES[-2:]
    slope = (totals[large] - totals[small]) / (large - small)
    million = totals[large] + slope * (1_000_000 - large)
    return [*rows, ["1,000,000, by the slope", "", "", f"{million:,.0f} MB", "", ""]]


def main(arguments: list[str]) -> None:
    """Measure, print, and with `--write` keep."""
    if arguments[:1] == ["--memory"]:
        batch_for_memory(Path(arguments[1]), Path(arguments[2]), int(arguments[3]))
        return
    home = Path(tempfile.mkdtemp(prefix="crossmatch-batch-"))
    try:
        build_index(Settings(home=home))
        encoder = BundledE5()
        keep_vectors(home, encoder)
        content = "\n\n".join(
            [
                machine(),
                table(["encodings cached", "needs a second", "times the loop"], rates(home)),
                table(["nothing cached", "needs a second", "of the encoder's own rate"], encoder_share(home, encoder)),
                table(["needs", "reads and records", "each that matches", "together", "took", "record, a need"], memory(home)),
            ]
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(content)
    if "--write" in arguments:
        write("batch", content)


if __name__ == "__main__":
    main(sys.argv[1:])
