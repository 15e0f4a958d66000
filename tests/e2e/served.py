"""`crossmatch serve` as a process of its own, for tests that end it, load it, or take something away from it."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from embeddings.encoder import Encoder
from matcher.directory import load_directory
from matcher.index import ProviderIndex
from service.access.caller import Role
from service.access.keyring import Keyring
from service.record.sql_keys import SqlKeyStore
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import DEADLINE, Command
from tests.e2e.own_directory import EVIDENCE, PROVIDERS, write_directory
from tests.postgres import until

_ADDRESS = re.compile(rb"answers at http://127\.0\.0\.1:(\d+)")
UNLIMITED = "1000000"
"""Requests a minute of one key that no test comes to."""


def home_with_own_directory(folder: Path, encoder: Encoder, providers: str = PROVIDERS, evidence: str = EVIDENCE) -> Command:
    """`crossmatch` in a home folder with that small directory indexed, and an empty record. It loads in no time."""
    folder.mkdir(parents=True, exist_ok=True)
    files = write_directory(folder, providers, evidence)
    ProviderIndex.build(load_directory(files), encoder).save(folder / "home" / "index")
    settings = {"CROSSMATCH_DIRECTORY": json.dumps([str(file) for file in files])}
    return Command(folder / "home", settings).with_settings(requests_per_minute=UNLIMITED)


def record_of(command: Command) -> str:
    """Address of the record that this command would use."""
    return command.settings.get("CROSSMATCH_LOG_URL", f"sqlite:///{command.home / 'match-log.sqlite3'}")


def new_key(command: Command, role: Role) -> str:
    """A key for all regions, put on record."""
    log = SqlMatchLog(record_of(command))
    try:
        return Keyring(SqlKeyStore(log)).create(f"Test {role}", role, None, by="tests")[0]
    finally:
        log.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Connection:
    """A connection that is kept, of a caller with a key."""

    port: int
    key: str = ""
    _kept: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def ask(self, path: str, content: bytes | None = None, once: str = "") -> Answer:
        """One request; POST where there is content.

        Raises:
            OSError, http.client.HTTPException: the connection broke before the whole answer was there.
        """
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= {"Content-Type": "application/json"} if content is not None else {}
        headers |= {"Idempotency-Key": once} if once else {}
        self._kept.request("GET" if content is None else "POST", path, content, headers)
        got = self._kept.getresponse()
        # Read first: of an answer that broke off nothing is believed, not even its status.
        body = got.read()
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, body)

    def close(self) -> None:
        self._kept.close()


class Service:
    """Started when made; answers when made. Whatever it says is kept in `said`."""

    def __init__(self, command: Command) -> None:
        # A pipe that somebody empties: who waits for its log to be read does not answer.
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        self.process = command.popen("serve", "--port", "0", stdin=null, stdout=null, stderr=pipe)
        self.said = b""
        self._spoken = threading.Event()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        self._spoken.wait(DEADLINE)
        found = _ADDRESS.search(self.said)
        if found is None:
            self.kill()
            raise AssertionError(f"the service did not start: {self.said.decode()}")
        self.port = int(found[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    def ask(self, path: str, key: str = "", content: Any = None, once: str = "") -> Answer:
        """One request over a connection of its own, with what is to be sent as plain values."""
        with closing(Connection(self.port, key)) as connection:
            return connection.ask(path, None if content is None else json.dumps(content).encode(), once)

    def freeze(self) -> None:
        """SIGSTOP; returns when nothing of it runs any more."""
        self.process.send_signal(signal.SIGSTOP)
        frozen = psutil.Process(self.process.pid)
        until(lambda: frozen.status() == psutil.STATUS_STOPPED, "the service to stand still")

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nobody is told."""
        self.process.kill()
        self._ended()

    def stop(self, told: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end in order; the exit code."""
        self.process.send_signal(told)
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(DEADLINE)
        self._listening.join(DEADLINE)
        return code

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as spoken:
            for line in spoken:
                self.said += line
                if _ADDRESS.search(line):
                    self._spoken.set()
        self._spoken.set()
