"""Clients of a running service, in a process of their own so that they take none of its time under the interpreter's lock.

    python -m benchmarks.asking < ASK.json > TOLD.json

What to ask comes as JSON on standard input (`Ask`), what was answered leaves as JSON on standard output (`Told`). Each client
keeps its connection and asks again as soon as it is answered.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True)
class Ask:
    """What to ask, of whom and for how long."""

    port: int
    key: str
    needs: list[dict[str, Any]]
    clients: int
    seconds: float
    """0 asks every need once and ends."""
    new: float = 0.0
    """Share of requests whose text nobody asked before, down to the last sentence."""
    seed: int = 0


@dataclass
class Told:
    """What was answered."""

    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    """Of all answers; `broken` where there was none."""
    known: list[float] = field(default_factory=list)
    """Seconds until the answer to a need that was asked before."""
    fresh: list[float] = field(default_factory=list)
    """Seconds until the answer to a new text."""
    lists: list[str] = field(default_factory=list)
    """Addresses of all match lists that were given."""


def new_text(text: str, number: str) -> str:
    """The same need with a number at the end of each sentence, so that no part of it was encoded before."""
    changed = _SENTENCE_END.sub(lambda end: f" {number}{end[0]}", text)
    return changed if changed != text else f"{text} {number}"


class _Client:
    _turn = threading.Lock()

    def __init__(self, ask: Ask, told: Told, name: int) -> None:
        self._ask, self._told, self._name = ask, told, name
        self._random = random.Random(f"{ask.seed} {name}")
        self._headers = {"Authorization": f"Bearer {ask.key}", "Content-Type": "application/json"}

    def once_each(self) -> None:
        """Its share of all needs, one after the other."""
        with closing(self._connection()) as connection:
            for need in self._ask.needs[self._name :: self._ask.clients]:
                self._need(connection, need, self._told.known)

    def until(self, end: float) -> None:
        """Any need, again and again."""
        with closing(self._connection()) as connection:
            number = 0
            while time.perf_counter() < end:
                number += 1
                need = self._random.choice(self._ask.needs)
                if self._random.random() < self._ask.new:
                    fresh = need | {"text": new_text(need["text"], f"{self._name}-{number}")}
                    self._need(connection, fresh, self._told.fresh)
                else:
                    self._need(connection, need, self._told.known)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._ask.port, timeout=120)

    def _need(self, connection: http.client.HTTPConnection, need: dict[str, Any], latencies: list[float]) -> None:
        body = json.dumps({"need": need})
        began = time.perf_counter()
        try:
            connection.request("POST", "/v1/match-lists", body, self._headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._count("broken")
            connection.close()
            return
        latencies.append(time.perf_counter() - began)
        self._count(str(answer.status))
        if answer.status == 201:
            self._told.lists.append(answer.headers["Location"])

    def _count(self, status: str) -> None:
        with self._turn:
            self._told.statuses[status] = self._told.statuses.get(status, 0) + 1


def ask_all(ask: Ask) -> Told:
    """Let all clients ask; returns when the last answer is there."""
    told = Told()
    clients = [_Client(ask, told, name) for name in range(ask.clients)]
    began = time.perf_counter()
    end = began + ask.seconds
    threads = [
        threading.Thread(target=one.until, args=(end,)) if ask.seconds else threading.Thread(target=one.once_each)
        for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.seconds = time.perf_counter() - began
    return told


if __name__ == "__main__":
    json.dump(asdict(ask_all(Ask(**json.load(sys.stdin)))), sys.stdout)
