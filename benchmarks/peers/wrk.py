"""`wrk`, the HTTP load generator: its script for posting needs in turn, and what it tells."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import Refusal

_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_SCRIPT = """
local bodies = {%s}
local number = 0
request = function()
  number = number %% #bodies + 1
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"%s}, bodies[number])
end
"""


@dataclass(frozen=True)
class Rate:
    """One run of `wrk`."""

    requests_a_second: float
    median_ms: float
    refused: int
    """Answers other than 2xx, and connections that broke."""


def posting(bodies: Sequence[str], key: str) -> str:
    """A script that posts the bodies in turn.

    Args:
        bodies: JSON.
        key: sent as a bearer's; none if empty.
    """
    authorization = f', ["Authorization"] = {json.dumps(f"Bearer {key}")}' if key else ""
    # JSON in plain ASCII, quoted once more, is a string of Lua too.
    return _SCRIPT % (", ".join(json.dumps(body) for body in bodies), authorization)


def getting(key: str) -> str:
    """A script that reads the address again and again."""
    return f'wrk.headers["Authorization"] = {json.dumps(f"Bearer {key}")}\n'


def run_wrk(address: str, script: Path, connections: int, seconds: int) -> Rate:
    """One thread, that many connections, that long.

    Raises:
        Refusal: `wrk` is not installed, or told nothing.
    """
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", str(script), address]
    try:
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refusal("program wrk", "be there and run", str(error), "Run: apt-get install wrk") from error
    return read_rate(told)


def read_rate(told: str) -> Rate:
    """From what `wrk --latency` prints.

    Raises:
        Refusal: it is none of that.
    """
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    middle = re.search(r"^\s+50%\s+([\d.]+)(us|ms|s|m)$", told, re.M)
    if rate is None or middle is None:
        raise Refusal("output of wrk", "tell rate and median", told[:80], "Look at what it was asked.")
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told)
    refused = int(wrong[1]) if wrong else 0
    refused += sum(map(int, broken.groups())) if broken else 0
    return Rate(float(rate[1]), float(middle[1]) * _MILLISECONDS[middle[2]], refused)
