"""A running `crossmatch serve`."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

from tests.e2e.command import DEADLINE, Command

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def new_key(command: Command, role: str = "advisor", region: str = "all") -> str:
    """A key made on the command line."""
    made = command("keys", "create", "Tests' desk", "--role", role, "--region", region)
    assert made.code == 0, made.err
    return made.out.strip()


class Server:
    """On a free port, called with one key."""

    def __init__(self, command: Command, key: str = "", *options: str) -> None:
        arguments = ("serve", "--port", "0", *options)
        self.process = command.popen(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.key = key
        self.said = b""
        self.address = ""

    def wait_for_address(self, words: bytes = rb"answers at (http://\S+)") -> None:
        """Read what the server says until it names its address."""
        self.address = self.wait_for(words)

    def wait_for(self, words: bytes) -> str:
        """Read what the server says until it says this; the first group of it."""
        assert self.process.stderr is not None
        until = time.monotonic() + DEADLINE
        while (found := re.search(words, self.said)) is None:
            assert select.select([self.process.stderr], [], [], until - time.monotonic())[0], self.said
            piece = os.read(self.process.stderr.fileno(), 65536)
            assert piece, f"the server ended: {self.said.decode()}"
            self.said += piece
        return found[1].decode() if found.groups() else ""

    def ask(self, path: str, content: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request; POST where there is content."""
        data = None if content is None else json.dumps(content).encode()
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with _DIRECT.open(request, timeout=DEADLINE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=DEADLINE)[1]
        return self.process.returncode

    def kill(self) -> None:
        """End it in whatever state it is."""
        self.process.kill()
        self.process.communicate()
