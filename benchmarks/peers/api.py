"""How much of a bare service's rate is left where every list is matched, explained and made durable.

    python -m benchmarks.peers.api [--write] [--seconds 10] [--rounds 3]

Needs `wrk`. One worker each, everything on the same processors; the two services take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

from benchmarks.peers.contenders import INDEX
from benchmarks.peers.directories import SHIPPED, directory_folder
from benchmarks.peers.kept import Better, keep, verdict
from benchmarks.peers.surroundings import about, load
from benchmarks.peers.wrk import Rate, getting, posting, run_wrk
from benchmarks.report import table, write
from benchmarks.running_service import new_key, running_service
from matcher.shipped import shipped_needs
from service.settings import Settings

CONNECTIONS = (1, 16)
CEILING, LISTS, READ = "bare FastAPI and orjson, ten results", "Crossmatch, list asked for", "Crossmatch, list read again"
GOAL = 0.5
_PACKAGES = ("fastapi", "uvicorn", "orjson", "SQLAlchemy")
Rates = dict[tuple[str, int], list[Rate]]


@contextmanager
def bare_service() -> Iterator[str]:
    """The ceiling, as a process of its own, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "benchmarks.peers.bare_service", str(port)]) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/v1/match-lists", process)
        try:
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(address).read()
        except HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The bare service did not start.")


def measured(home: Path, seconds: int, rounds: int) -> Rates:
    """Each service at each number of connections, in turn."""
    bodies = [json.dumps({"need": need.model_dump(mode="json", exclude_defaults=True)}) for need in shipped_needs()]
    key = new_key(home, "advisor")
    found: Rates = defaultdict(list)
    with running_service(home) as (_, port), bare_service() as bare:
        address = f"http://127.0.0.1:{port}"
        # Encodings are in memory from here on.
        given = [_posted(f"{address}/v1/match-lists", body, key) for body in bodies]
        scripts = {"post.lua": posting(bodies, key), "bare.lua": posting(bodies, ""), "get.lua": getting(key)}
        for name, script in scripts.items():
            (home / name).write_text(script, encoding="utf-8")
        asked = {
            CEILING: (f"{bare}/v1/match-lists", home / "bare.lua"),
            LISTS: (f"{address}/v1/match-lists", home / "post.lua"),
            READ: (f"{address}{given[0]}", home / "get.lua"),
        }
        for _ in range(rounds):
            for connections in CONNECTIONS:
                for what, (place, script_file) in asked.items():
                    found[what, connections].append(run_wrk(place, script_file, connections, seconds))
    return found


def _posted(address: str, body: str, key: str) -> str:
    """Where the list is."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    with urllib.request.urlopen(urllib.request.Request(address, body.encode(), headers)) as answer:
        return str(answer.headers["Location"])


def rows(found: Rates) -> list[list[str]]:
    """One a service and number of connections."""
    told = []
    for (what, connections), rates in found.items():
        ceiling = found[CEILING, connections]
        share = median([one.requests_a_second / other.requests_a_second for one, other in zip(rates, ceiling, strict=True)])
        goal = "" if what == CEILING else "met" if share >= GOAL else "not met"
        rate, middle = median(one.requests_a_second for one in rates), median(one.median_ms for one in rates)
        refused = sum(one.refused for one in rates)
        told.append([what, f"{connections}", f"{middle:.2f} ms", f"{rate:,.0f}", f"{share:.1%}", goal, f"{refused}"])
    return told


def main() -> None:
    """Measure, print, and with `--write` keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    before = load()
    home = Path(tempfile.mkdtemp(prefix="crossmatch-api-"))
    try:
        kept = Path(os.environ.get("CROSSMATCH_HOME", ".crossmatch")) / "peers"
        shutil.copytree(directory_folder(kept, SHIPPED) / INDEX, Settings(home=home).index_folder)
        found = measured(home, options.seconds, options.rounds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    figures = {f"{what}, {c} connections": [one.requests_a_second for one in rates] for (what, c), rates in found.items()}
    better: dict[str, Better] = dict.fromkeys(figures, "more")
    header = ["what", "connections", "median", "requests a second", "of the ceiling", f"goal {GOAL:.0%}", "refused"]
    content = f"{about(_PACKAGES, before)}; wrk, {options.rounds} × {options.seconds} s each\n\n"
    content += f"{table(header, rows(found))}\n\n{verdict('peers-api', figures, better)}"
    print(content)
    if options.write:
        write("peers-api", content)
        keep("peers-api", about(_PACKAGES, before), figures)


if __name__ == "__main__":
    main()
