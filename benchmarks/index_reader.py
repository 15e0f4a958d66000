"""One of several processes that have an index open; tells what memory is its own and what is shared."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import psutil

from embeddings.dense import DenseIndex, DenseKind


def main() -> None:
    """Open, search, say `ready`, and on each line of input the memory in MB, until the input ends."""
    folder, factory, queries_file = json.loads(sys.argv[1])
    process = psutil.Process()
    before = process.memory_full_info()
    index = DenseIndex.load(Path(folder), DenseKind(factory, ""))
    for query in np.load(queries_file):
        index.search(query[None], 5_000)
    print("ready", flush=True)
    for line in sys.stdin:
        if not line.strip():
            return
        now = process.memory_full_info()
        told = {name: (getattr(now, name) - getattr(before, name)) / 1e6 for name in ("rss", "pss", "uss")}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
