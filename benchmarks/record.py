"""How many match lists a second are made durable, and how the whole service stands up to fifty clients.

    python -m benchmarks.record [--seconds 120] [--home HOME] [--write]

Prints a table and the same as JSON. Everything is measured in one run in a temporary folder on a real disk; nothing of the
user's is touched. With `--write` the table in `benchmarks/README.md` is replaced by this run's.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median, quantiles

from benchmarks.record_rates import Rate, file_system, fsync_seconds, in_fsyncs, rates
from benchmarks.report import machine, table, write
from benchmarks.service_load import STAGES, Load, loads
from service.desk import build_index, open_matcher
from service.settings import Settings

_RATE_SECONDS = 5.0
_WANTED = 300
"""Match lists a second that must be durable on SQLite, encodings cached."""
_NO_DISK = ("tmpfs", "ramfs", "overlay")


def a_disk() -> Path:
    """A new folder on a disk: where temporary files lie, unless those lie in memory."""
    for parent in (Path(tempfile.gettempdir()), Path.cwd()):
        if file_system(parent) not in _NO_DISK:
            return Path(tempfile.mkdtemp(prefix="crossmatch-record-", dir=parent))
    raise SystemExit(f"Neither {tempfile.gettempdir()} nor {Path.cwd()} is on a disk: set TMPDIR to a folder that is.")


def rates_table(found: list[Rate], fsyncs: list[float]) -> str:
    rows = []
    for rate in found:
        what = {"record": "put on record", "desk": "matched and put on record"}[rate.what]
        wanted = str(_WANTED) if (rate.what, rate.database) == ("record", "SQLite") else ""
        took = f"{in_fsyncs(rate, fsyncs):.2f}"
        rows.append([what, rate.database, str(rate.threads), f"{rate.lists_a_second:,.0f}", wanted, took, f"{rate.cpu_ms:.2f}"])
    header = ["durable lists of ten", "database", "threads", "a second", "at least", "fsyncs long", "CPU ms each"]
    return table(header, rows)


def loads_table(found: list[Load]) -> str:
    rows = []
    for load in found:
        for kind, (p50, p95, p99) in load.latencies_ms.items():
            whole = kind == "all"
            figures = [f"{load.rate:,.1f}", f"{load.answered:,}", str(load.errors), str(load.lost)] if whole else [""] * 4
            rows.append([load.needs, kind, *figures, f"{p50:,.0f} ms", f"{p95:,.0f} ms", f"{p99:,.0f} ms"])
    header = ["texts", "of them", "lists a second", "answered", "errors", "lost", "50 %", "95 %", "99 %"]
    return table(header, rows)


def stages_table(found: list[Load]) -> str:
    rows = []
    for load in found:
        spent = [load.stages_ms[stage] for stage in STAGES]
        whole = load.stages_ms["request"]
        shares = [f"{one:,.1f} ms ({one / whole:.0%})" for one in (*spent, whole - sum(spent))]
        rows.append([load.needs, *shares, f"{whole:,.1f} ms", f"{load.cpu_ms:.1f} ms", f"{load.memory_mb:.0f} MB"])
    return table(["texts", *STAGES, "the rest", "whole request", "CPU each", "memory"], rows)


def main() -> None:
    """Measure, print, and with `--write` keep."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=120, help="of each load")
    options.add_argument("--home", type=Path, help="folder whose index is copied; built anew if left out")
    options.add_argument("--write", action="store_true", help="into benchmarks/README.md")
    chosen = options.parse_args()
    home = a_disk()
    try:
        if chosen.home is None:
            build_index(Settings(home=home))
        else:
            shutil.copytree(chosen.home / "index", home / "index")
        kind, fsyncs = file_system(home), fsync_seconds(home)
        durable = rates(open_matcher(Settings(home=home)), home, _RATE_SECONDS)
        fsyncs += fsync_seconds(home)
        loaded = loads(home, chosen.seconds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    slow = 1000 * quantiles(fsyncs, n=100)[94]
    disk = f"{kind}, fsync of an append of 4 kB: median {1000 * median(fsyncs):.2f} ms, 95 % {slow:.2f} ms"
    clients = f"{loaded[0].clients} clients, {chosen.seconds:.0f} seconds each, the service on two cores"
    tables = rates_table(durable, fsyncs), f"{clients}:", loads_table(loaded), stages_table(loaded)
    content = "\n\n".join([f"{machine()}; {disk}", *tables])
    print(content)
    told = {"machine": machine(), "file_system": kind, "fsync_ms": 1000 * median(fsyncs)}
    told |= {"rates": [asdict(one) for one in durable], "loads": [asdict(one) | {"rate": one.rate} for one in loaded]}
    print(f"\n{json.dumps(told)}")
    if chosen.write:
        write("record", content)


if __name__ == "__main__":
    main()
