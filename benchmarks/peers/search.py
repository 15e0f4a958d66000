"""Vector search alone, with a filter by country: 100,000 vectors, countries that keep a fifth and a hundredth of them.

    python -m benchmarks.peers.search [--write] [--vectors 100000] [--rounds 5]

Vectors are made of the shipped directory's (`benchmarks/made_vectors.py`), queries are the sample needs in all languages. Each
engine is in a process of its own and gets one query at a time; engines take turns, round by round. Recall is measured against
the exact ten. What cannot be run is named with what it said.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.made_vectors import RealVectors, need_queries
from benchmarks.peers.directories import shipped_index
from benchmarks.peers.engine_rounds import Measured, measured_rounds
from benchmarks.peers.engines import ENGINES, EXACT, OURS, PACKAGES
from benchmarks.peers.kept import Better, keep, verdict
from benchmarks.peers.surroundings import about, load
from benchmarks.report import table, write
from embeddings.bundled import BundledE5
from embeddings.encoder import Vectors
from matcher.index import ProviderIndex

K = 10
SHARES = {"a": 0.2, "b": 0.01}
"""Country → share of the vectors; all others are in country `c`."""
_SEED = 1


def write_case(home: Path, count: int) -> Path:
    """Vectors, countries, queries and the exact answers, once."""
    folder = home / f"search-{count}"
    if not (folder / "case.npz").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        index = shipped_index(home)
        vectors = RealVectors.of(index.vectors(np.arange(len(index.passages)))).made(count, _SEED)
        chance = np.random.default_rng(_SEED).random(count)
        countries = np.where(chance < SHARES["a"], "a", np.where(chance < SHARES["a"] + SHARES["b"], "b", "c"))
        queries = _queries(home, index)
        exact = {}
        for country in SHARES:
            rows = np.flatnonzero(countries == country)
            products = queries @ vectors[rows].T
            exact[f"exact_{country}"] = rows[np.argsort(-products, axis=1, kind="stable")[:, :K]]
        np.save(folder / "vectors.npy", vectors)
        np.savez(folder / "case.npz", countries=countries, queries=queries, **exact)
    return folder


def _queries(home: Path, index: ProviderIndex) -> Vectors:
    """Encoded once."""
    kept = home / "queries.npy"
    if not kept.is_file():
        np.save(kept, need_queries(index, BundledE5()))
    found: Vectors = np.load(kept)
    return found


def row(name: str, one: Measured, exact: Measured) -> list[str]:
    """An engine's row of the table."""
    if one.failed:
        return [name, one.failed, *[""] * 7]
    told = [name, f"{one.opened:,.0f} s", f"{one.memory:,.0f} MB"]
    for country in SHARES:
        rates = one.rates[country]
        times = median([a / b for a, b in zip(rates, exact.rates[country], strict=True)])
        told += [f"{one.recall[country]:.3f}", f"{median(rates):,.0f}", f"{times:.2f}"]
    return told


def main() -> None:
    """Measure, print, and with `--write` keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    before = load()
    case = write_case(Path(os.environ.get("CROSSMATCH_HOME", ".crossmatch")) / "peers", options.vectors)
    found = measured_rounds(list(ENGINES), case, options.rounds)
    header = ["search", "built in", "memory"]
    for _country, share in SHARES.items():
        header += [f"recall@10, 1/{round(1 / share)} kept", "queries a second", "times exact FAISS"]
    ran = {name: one for name, one in found.items() if not one.failed}
    content = f"{about(PACKAGES, before)}\n\n{options.vectors:,} vectors of 384; {options.rounds} rounds\n\n"
    content += table(header, [row(name, one, found[EXACT]) for name, one in found.items()])
    figures = {f"{name}, 1/{round(1 / SHARES[c])}": rates for name, one in ran.items() for c, rates in one.rates.items()}
    better: dict[str, Better] = dict.fromkeys(figures, "more")
    content += "\n\n" + verdict("peers-search", figures, better)
    print(content)
    if options.write:
        write("peers-search", content)
        keep("peers-search", about(PACKAGES, before), figures)


if __name__ == "__main__":
    assert OURS in ENGINES
    main()
