"""A Ray cluster of several machines, all of them on this one: each is a raylet with a store and workers of its own."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_STORE = 100 * 2**20
_QUICKLY = (
    '{"health_check_initial_delay_ms":0,"health_check_period_ms":500,"health_check_timeout_ms":1000,'
    '"health_check_failure_threshold":3}'
)
"""A machine that is gone is noticed in seconds: the default takes half a minute."""
_DEADLINE = 90


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class RayCluster:
    """A head that gives no processor, and machines that do. Use it in a `with`."""

    folder: Path
    """For Ray's own files: short, because sockets lie in it."""
    machines: int
    processors_each: int = 1
    port: int = field(default_factory=free_port)
    raylets: list[psutil.Process] = field(default_factory=list)
    """One a machine, as they joined; the head's is not among them."""

    token: str = field(default_factory=lambda: secrets.token_hex(32))
    """Without it nobody gets in; Ray would else take one from the home of whoever runs the tests."""

    @property
    def environment(self) -> dict[str, str]:
        """For who works on it."""
        return {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": self.token, "RAY_USAGE_STATS_ENABLED": "0"}

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()

    def _begin(self) -> None:
        self._start("--head", f"--port={self.port}", "--num-cpus=0", f"--system-config={_QUICKLY}", "--include-dashboard=false")
        for _ in range(self.machines):
            self.add_machine()

    def add_machine(self) -> None:
        """Have one more join."""
        before = self._found("raylet")
        self._start(f"--address={self.address}", f"--num-cpus={self.processors_each}")
        [joined] = [one for one in self._found("raylet") if one not in before]
        self.raylets.append(joined)

    def end(self) -> None:
        """Kill all of it that is there."""
        own = self._own()
        for one in own:
            with suppress(psutil.NoSuchProcess):
                own += [child for child in one.children(recursive=True) if child not in own]
        for one in own:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(own, timeout=_DEADLINE)

    def kill_machine(self, number: int) -> None:
        """As when its power goes: the raylet with everything that it began."""
        raylet = self.raylets[number]
        for one in [raylet, *raylet.children(recursive=True)]:
            one.send_signal(signal.SIGKILL)

    def _start(self, *arguments: str) -> None:
        command = Path(sys.executable).with_name("ray")
        environment = {**os.environ, **self.environment}
        temporary = [f"--temp-dir={self.folder}"] if "--head" in arguments else []
        ran = subprocess.run(
            [command, "start", *arguments, *temporary, f"--object-store-memory={_STORE}", "--disable-usage-stats"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def _found(self, name: str) -> list[psutil.Process]:
        return [one for one in self._own() if re.search(rf"/{name}$", _program(one))]

    def _own(self) -> list[psutil.Process]:
        """Every process of this cluster: its port or its folder is on the command line."""
        marks = (self.address, f"--gcs_server_port={self.port}", str(self.folder))
        return [one for one in psutil.process_iter() if any(mark in " ".join(_line(one)) for mark in marks)]


def _line(process: psutil.Process) -> list[str]:
    try:
        line = process.cmdline()
        is_own = process.pid != os.getpid() and any("ray" in word for word in line[:4])
        return line if is_own else []
    except psutil.Error:
        return []


def _program(process: psutil.Process) -> str:
    return next(iter(_line(process)), "")
