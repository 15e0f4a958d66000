"""One vector search in a process of its own.

    python -m benchmarks.peers.one_engine NAME CASE_FOLDER

Says one line of JSON when it is built, then one for each line that it reads, which names a country: seconds of all queries, one
after the other, and what was found.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.peers.engines import engine

K = 10
PATIENCE = 20.0
"""Seconds after which a slow engine is asked no more queries of a round."""


def main(name: str, case: Path) -> None:
    """Build, then answer what comes."""
    # Libraries write to standard output as they please, some below Python: what is told goes where nobody else writes.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    vectors = np.load(case / "vectors.npy")
    with np.load(case / "case.npz") as kept, tempfile.TemporaryDirectory() as folder:
        countries, queries = kept["countries"], kept["queries"]
        began = time.perf_counter()
        try:
            searched = engine(name)(vectors, countries, Path(folder))
            searched.search(queries[0], K, "a")
        except Exception as error:
            print(json.dumps({"failed": f"{type(error).__name__}: {error}"[:200]}), file=told, flush=True)
            return
        print(json.dumps({"opened": time.perf_counter() - began}), file=told, flush=True)
        for line in sys.stdin:
            country = line.strip()
            began = time.perf_counter()
            rows: list[list[int]] = []
            for query in queries:
                rows.append([int(row) for row in searched.search(query, K, country)])
                if time.perf_counter() - began > PATIENCE:
                    break
            seconds = time.perf_counter() - began
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"seconds": seconds, "rows": rows, "memory": memory}), file=told, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
