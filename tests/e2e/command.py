"""The installed command `crossmatch` as a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEADLINE = 120
"""Seconds after which a process counts as hanging. Never a measure of speed."""

NEED = "We look for a GLP laboratory for toxicology studies of an inhaled vaccine."
COMPANY = 'Müller & "Søn", Åarhus'


def executable() -> str:
    found = shutil.which("crossmatch", path=str(Path(sys.executable).parent))
    assert found is not None, "the command crossmatch is not installed beside this Python"
    return found


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON, one record a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass(frozen=True)
class Command:
    """`crossmatch` with a home folder of its own and nothing of the caller's settings."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def with_settings(self, **settings: str) -> Command:
        return Command(
            self.home, {**self.settings, **{f"CROSSMATCH_{name.upper()}": value for name, value in settings.items()}}
        )

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR") if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", "HOME": str(self.home), "CROSSMATCH_HOME": str(self.home), **self.settings}

    def popen(self, *arguments: str | bytes | Path, **more: Any) -> subprocess.Popen[bytes]:
        self.home.mkdir(parents=True, exist_ok=True)
        return subprocess.Popen([executable(), *arguments], cwd=self.home, env=self.environment, **more)

    def __call__(self, *arguments: str | bytes | Path, stdin: bytes = b"") -> Result:
        pipe = subprocess.PIPE
        with self.popen(*arguments, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            try:
                out, err = process.communicate(stdin, timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Result(process.returncode, out.decode(), err.decode())

    def in_terminal(self, *arguments: str, columns: int = 100, into: Path | None = None) -> Result:
        """Run in a pseudo-terminal; both streams come as `out`, or standard output goes `into` a file."""
        mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        terminal = Command(self.home, {**self.settings, "TERM": "xterm-256color"})
        with ExitStack() as stack:
            out = its if into is None else stack.enter_context(into.open("wb"))
            process = stack.enter_context(terminal.popen(*arguments, stdin=its, stdout=out, stderr=its))
            os.close(its)
            shown = _read_all(mine)
            code = process.wait(DEADLINE)
        os.close(mine)
        return Result(code, shown.decode().replace("\r\n", "\n"), "")


def run_all(calls: Mapping[str, Callable[[], Result]]) -> dict[str, Result]:
    """Several independent calls at once: starting Python takes most of their time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(calls, pool.map(lambda call: call(), calls.values()), strict=True))


def _read_all(terminal: int) -> bytes:
    """Everything until the other side closes; a closed terminal answers with an input/output error."""
    pieces, until = [], time.monotonic() + DEADLINE
    while (left := until - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
    return b"".join(pieces)


def check_refused(result: Result, *words: str) -> str:
    """The one line of a refusal: place, what must hold, what was got; nothing on standard output."""
    assert "Traceback" not in result.err, result.err
    assert result.code == 1, result
    assert result.out == ""
    lines = result.err.splitlines()
    assert len(lines) == 1, result.err
    assert re.match(r"crossmatch: The .+ must (?!input should).+ Got .+\.", lines[0]), lines[0]
    for word in words:
        assert word in lines[0], lines[0]
    return lines[0]
