"""How many needs a second a batch matches on a Ray cluster of one machine and of two, beside the same batch without Ray.

    python -m benchmarks.batch_ray [--write] [--home FOLDER]

The two machines are raylets on this one, which has as many processors as both: what is measured is what Ray costs, and
that work is divided, not what a second machine brings. All in one run, each time a batch into a record of its own on disk.
Where encodings are to be cached, each text has one of the real vectors, picked by its content. A home folder that is named
is kept, and the index in it is used: it takes minutes to build.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.batch import Watch, as_in_the_command, keep_vectors, new_desk, picked_vectors, write_needs
from benchmarks.report import machine, table, write
from embeddings.bundled import BundledE5
from embeddings.encoder import Encoder
from service.batch.run import Order, run_batch
from service.desk import build_index
from service.settings import Settings
from tests.ray_cluster import RayCluster

CORES = len(os.sched_getaffinity(0))
CACHED, ENCODED, ROUNDS = 1_000, 64, 3
WITHOUT = "without Ray"


def batch(
    home: Path, source: Path, encoder: Encoder, address: str | None, encoder_there: Callable[[], Encoder]
) -> tuple[float, float]:
    """Needs a second in the second half of the batch, and from its start on."""
    folder = Path(tempfile.mkdtemp(dir=home))
    desk = new_desk(home, folder.name, encoder, 0)
    watch = Watch()
    began = time.perf_counter()
    order = Order(source, folder / "lists.parquet", cluster=address, processes=CORES if address is None else None)
    with as_in_the_command():
        run_batch(order, desk, Settings(home=home), watch, encoder_there)
    seconds = time.perf_counter() - began
    ended, done = watch.moments[-1]
    # Not from the first part on: on a cluster the next ones are ready by then, and would seem to take no time.
    halfway, before = next(moment for moment in watch.moments if 2 * moment[1] >= done)
    return (done - before) / max(ended - halfway, 1e-9), done / seconds


def measured(home: Path, clusters: dict[str, str | None], cached: bool) -> list[list[str]]:
    """A row a cluster: medians over rounds in turn, so that what else the machine does meets all of them alike."""
    count, rounds = (CACHED, ROUNDS) if cached else (ENCODED, 1)
    source = write_needs(home / f"needs-{count}.csv", count, seed=3)
    encoder: Encoder = picked_vectors(home) if cached else BundledE5()
    opens: Callable[[], Encoder] = partial(picked_vectors, home) if cached else BundledE5
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in clusters}
    for _ in range(rounds):
        for name, address in clusters.items():
            found[name].append(batch(home, source, encoder, address, opens))
            print(name, count, *found[name][-1], file=sys.stderr, flush=True)
    rates = {name: [median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}
    base = next(iter(rates.values()))
    # Where nothing is cached there are few parts, and a half of them says little.
    columns = (0, 1) if cached else (1,)
    return [
        [name, *(told for column in columns for told in (f"{rate[column]:,.1f}", f"{rate[column] / base[column]:.2f}"))]
        for name, rate in rates.items()
    ]


def main(arguments: list[str]) -> None:
    """Measure, print, and with `--write` keep."""
    kept = Path(arguments[arguments.index("--home") + 1]) if "--home" in arguments else None
    home = kept or Path(tempfile.mkdtemp(prefix="crossmatch-ray-"))
    short = tempfile.TemporaryDirectory(prefix="r-", dir="/tmp", ignore_cleanup_errors=True)
    try:
        if not (home / "vectors.npz").exists():
            build_index(Settings(home=home))
            keep_vectors(home, BundledE5())
        with short, RayCluster(Path(short.name), machines=2, processors_each=max(1, CORES // 2)) as cluster:
            os.environ.update(cluster.environment)
            clusters = {
                f"{WITHOUT}, {CORES} processes that match": None,
                f"Ray, one machine of {CORES} processors, begun for the batch": "",
                f"Ray, two machines of {max(1, CORES // 2)}": cluster.address,
            }
            once_going = ["needs a second, second half", "times that without Ray"]
            from_start = ["needs a second, start included", "times that without Ray"]
            content = "\n\n".join(
                [
                    f"{machine()}. Load when it began: {os.getloadavg()[0]:.1f}.",
                    table(
                        [f"encodings cached, {CACHED:,} needs", *once_going, *from_start], measured(home, clusters, cached=True)
                    ),
                    table([f"nothing cached, {ENCODED:,} needs", *from_start], measured(home, clusters, cached=False)),
                ]
            )
    finally:
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)
    print(content)
    if "--write" in arguments:
        write("batch-ray", content)


if __name__ == "__main__":
    main(sys.argv[1:])
