"""The whole service under many clients: rate, latencies, errors, and where the time went."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any
from urllib.request import Request, urlopen

import psutil

from benchmarks.asking import Ask
from benchmarks.running_service import CORES, new_key, record_of, running_service
from matcher.log import ListQuery
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages

CLIENTS = 50
STAGES = ("encode", "match", "record")


@dataclass(frozen=True)
class Load:
    """One run."""

    needs: str
    clients: int
    seconds: float
    answered: int
    errors: int
    lost: int
    """Lists that were answered with 201 and are not on record."""
    latencies_ms: Mapping[str, tuple[float, float, float]]
    """`all`, `known` and `new` texts → 50, 95 and 99 %."""
    stages_ms: Mapping[str, float]
    """Mean of each stage, `request` the whole of it in the service; waiting for a processor or for others is in them."""
    cpu_ms: float
    """Processor time of the service for one request, encoding and all."""
    memory_mb: float

    @property
    def rate(self) -> float:
        """Lists a second."""
        return self.answered / self.seconds


def loads(home: Path, seconds: float) -> list[Load]:
    """Half of the texts new, then none of them.

    Args:
        home: a `CROSSMATCH_HOME` with an index.
        seconds: of each.
    """
    return [_load(home, name, new, seconds) for name, new in (("half of them new", 0.5), ("all asked before", 0.0))]


def _load(home: Path, name: str, new: float, seconds: float) -> Load:
    advisor, evaluator = new_key(home, "advisor"), new_key(home, "evaluator")
    with running_service(home) as (process, port):
        ask = Ask(port, advisor, _needs(), clients=CORES, seconds=0)
        _asked(ask)
        before, cpu = _figures(port, evaluator), _cpu(process)
        told = _asked(Ask(port, advisor, ask.needs, CLIENTS, seconds, new))
        after, cpu = _figures(port, evaluator), _cpu(process) - cpu
        memory = process.memory_info().rss / 1e6
    given = [address.rpartition("/")[2] for address in told["lists"]]
    if not given:
        raise SystemExit(
            f"Nothing was answered with 201: {told['statuses']}. What the service said: {(home / 'said').read_text()}"
        )
    answered, there = len(given), _on_record(home)
    stages = {
        stage: 1000 * (after[f"{stage}_sum"] - before[f"{stage}_sum"]) / (after[f"{stage}_count"] - before[f"{stage}_count"])
        for stage in (*STAGES, "request")
    }
    return Load(
        needs=name,
        clients=CLIENTS,
        seconds=told["seconds"],
        answered=answered,
        errors=sum(told["statuses"].values()) - answered,
        lost=len(set(given) - there),
        latencies_ms={
            kind: _percentiles(latencies)
            for kind, latencies in (("all", told["known"] + told["fresh"]), ("known", told["known"]), ("new", told["fresh"]))
            if latencies
        },
        stages_ms=stages,
        cpu_ms=1000 * cpu / answered,
        memory_mb=memory,
    )


def _needs() -> list[dict[str, Any]]:
    """The sample needs, and each in one more language."""
    samples, everywhere = shipped_needs(), shipped_needs_in_all_languages()
    translated = []
    for number, need in enumerate(samples):
        others = sorted(language for need_id, language in everywhere if need_id == need.need_id and language != need.language)
        translated.append(everywhere[need.need_id, others[number % len(others)]])
    return [need.model_dump(mode="json", exclude_defaults=True) for need in (*samples, *translated)]


def _asked(ask: Ask) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.asking"]
    ran = subprocess.run(command, input=json.dumps(asdict(ask)), capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def _figures(port: int, key: str) -> dict[str, float]:
    """Sums and counts of the stages and of whole requests, from `/metrics`."""
    with urlopen(Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {key}"})) as answer:
        content = answer.read().decode()
    found = {}
    for kind in ("sum", "count"):
        for stage in STAGES:
            found[f"{stage}_{kind}"] = _figure(content, f'crossmatch_stage_duration_seconds_{kind}{{stage="{stage}"}}')
        route = f'crossmatch_request_duration_seconds_{kind}{{method="POST",route="/v1/match-lists"}}'
        found[f"request_{kind}"] = _figure(content, route)
    return found


def _figure(content: str, name: str) -> float:
    return float(next(line for line in content.splitlines() if line.startswith(name)).rpartition(" ")[2])


def _on_record(home: Path) -> frozenset[str]:
    """Ids of all lists, once the chain was proved."""
    found: set[str] = set()
    with closing(record_of(home)) as log:
        log.verify()
        page = log.lists(ListQuery(limit=10_000))
        while page:
            found |= {one.list_id for one in page}
            page = log.lists(ListQuery(limit=10_000, before=page[-1].number))
    return frozenset(found)


def _cpu(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _percentiles(seconds: list[float]) -> tuple[float, float, float]:
    if len(seconds) < 2:
        return (1000 * fmean(seconds),) * 3
    cuts = quantiles(seconds, n=100, method="inclusive")
    return 1000 * cuts[49], 1000 * cuts[94], 1000 * cuts[98]
