"""How fast an answer comes, from a cold start and in the running service.

    python -m benchmarks.speed [--write]

Builds its own index and log in a temporary folder; nothing of the user's is touched. With `--write` the table in
`benchmarks/README.md` is replaced by this run's.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import machine, table, write

_COLD_RUNS = 7
_ROUNDS = 5
_LISTS_BEFORE = 200
CROSSMATCH = Path(sys.executable).parent / "crossmatch"


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def hundred_words() -> list[Any]:
    """The sample needs of 90 to 110 words."""
    from matcher.shipped import shipped_needs

    return [need for need in shipped_needs() if 90 <= len(need.text.split()) <= 110]


def cold_start(home: Path) -> list[float]:
    """Wall seconds of whole `crossmatch match` processes."""
    need = hundred_words()[0]
    command = [str(CROSSMATCH), "match", "--need", need.text, "--country", need.country]
    environment = {**os.environ, "CROSSMATCH_HOME": str(home)}

    def run() -> None:
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

    run()
    return [timed(run)[0] for _ in range(_COLD_RUNS)]


def stages(home: Path) -> dict[str, list[float]]:
    """Seconds of each stage, need by need, in one process with a durable log on disk."""
    from datetime import UTC, datetime

    from matcher.log import LoggedList
    from matcher.records import MatchList, MatchRequest
    from service.desk import open_desk
    from service.settings import Settings

    desk = open_desk(Settings(home=home))
    needs = hundred_words()

    def entry(list_id: str, answer: MatchList) -> LoggedList:
        return LoggedList(
            list_id=list_id, request_id="benchmark", created_at=datetime.now(UTC), asked_by="benchmark", answer=answer
        )

    # The service is running: it has seen needs before and its log holds some lists.
    answers = [desk.matcher.match(MatchRequest(need=need)) for need in needs]
    for number in range(_LISTS_BEFORE):
        desk.log.record(entry(f"before-{number}", answers[number % len(answers)]), desk.matcher.components)
    found: dict[str, list[float]] = {stage: [] for stage in ("encode", "match", "log", "json", "again")}
    for number in range(_ROUNDS):
        for need in needs:
            # Another text each round, so that no vector comes from memory.
            fresh = need.model_copy(update={"text": f"{need.text} ({number})"})
            request = MatchRequest(need=fresh)
            seconds, encoded = timed(lambda fresh=fresh: desk.matcher.encode(fresh))
            found["encode"].append(seconds)
            seconds, answer = timed(lambda e=encoded, r=request: desk.matcher.match_encoded(e, r))
            found["match"].append(seconds)
            logged = entry(f"{need.need_id}-{number}", answer)
            found["log"].append(timed(lambda e=logged: desk.log.record(e, desk.matcher.components))[0])
            found["json"].append(timed(logged.model_dump_json)[0])
            found["again"].append(timed(lambda fresh=fresh: desk.matcher.encode(fresh))[0])
    return found


def index_times(home: Path) -> tuple[float, float]:
    """Seconds to build the shipped directory's index from nothing, and to open it (median of five)."""
    from embeddings.bundled import BundledE5
    from matcher.index import ProviderIndex
    from service.desk import build_index
    from service.settings import Settings

    settings = Settings(home=home)
    built, _ = timed(lambda: build_index(settings))
    encoder = BundledE5()
    opened = [timed(lambda: ProviderIndex.open(settings.index_folder, encoder))[0] for _ in range(5)]
    return built, median(opened)


def service_memory(home: Path) -> float:
    """Largest resident memory, in MB, of a service that has answered every sample need."""
    from matcher.shipped import shipped_needs

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "CROSSMATCH_HOME": str(home)}
    command = [str(CROSSMATCH), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/readyz")
            for need in shipped_needs():
                body = json.dumps({"need": need.model_dump(mode="json", exclude_defaults=True)}).encode()
                asked = urllib.request.Request(f"{address}/v1/match-lists", body, {"Content-Type": "application/json"})
                urllib.request.urlopen(asked).read()
            status = Path(f"/proc/{server.pid}/status").read_text()
            return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024
        finally:
            server.send_signal(signal.SIGTERM)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address).read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def main() -> None:
    """Measure, print, and with `--write` keep."""
    home = Path(tempfile.mkdtemp(prefix="crossmatch-speed-"))
    try:
        built, opened = index_times(home)
        cold = cold_start(home)
        found = stages(home)
        memory = service_memory(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    milliseconds = {stage: 1000 * median(values) for stage, values in found.items()}
    rest_of_each = [sum(parts) for parts in zip(found["match"], found["log"], found["json"], strict=True)]
    ratio = median(rest / encode for rest, encode in zip(rest_of_each, found["encode"], strict=True))
    count = len(found["encode"])
    rows = [
        ["`crossmatch match`, cold start, process included", f"{median(cold):.2f} s", f"{max(cold):.2f} s", "2 s"],
        [f"encoder, 100-word need ({count} needs)", f"{milliseconds['encode']:.0f} ms", _most(found["encode"]), ""],
        ["search, rank, explain", f"{milliseconds['match']:.2f} ms", _most(found["match"]), ""],
        ["log, durable", f"{milliseconds['log']:.2f} ms", _most(found["log"]), ""],
        ["JSON", f"{milliseconds['json']:.2f} ms", _most(found["json"]), ""],
        ["all but the encoder", f"{1000 * median(rest_of_each):.2f} ms", _most(rest_of_each), "5 ms"],
        ["all but the encoder, as a share of the encoder's time", f"{ratio:.1%}", "", "15 %"],
        ["a need asked again, encoding", f"{milliseconds['again']:.2f} ms", _most(found["again"]), "none"],
        ["index built from nothing", f"{built:.0f} s", "", "60 s"],
        ["index opened", f"{1000 * opened:.0f} ms", "", "200 ms"],
        ["service, largest resident memory", f"{memory:.0f} MB", "", "600 MB"],
    ]
    content = f"{machine()}\n\n" + table(["what", "median", "largest", "allowed"], rows)
    print(content)
    if "--write" in sys.argv[1:]:
        write("speed", content)


def _most(seconds: list[float]) -> str:
    return f"{1000 * max(seconds):.1f} ms"


if __name__ == "__main__":
    main()
