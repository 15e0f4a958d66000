"""Clients that ask all the time, whatever becomes of the service, and know exactly what they were answered."""

from __future__ import annotations

import http.client
import json
import random
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

from tests.e2e.served import Answer, Connection

NEEDS = (
    "We look for a GLP laboratory for inhaled vaccines.",
    "Wir suchen eine Abfüllanlage für klinische Chargen.",
    "Vi søger kapital til medicinsk udstyr.",
)
"""Few and short: after a moment their encodings are known, and the service is busy with everything else."""
_STEPS = ("introduced", "accepted", "incentive granted", "incentive granted")
_REPEATED, _STEP = 0.1, 0.3
"""Shares of requests that are sent again although they were answered, and that record a step."""
_ASKED_AGAIN = 0.7
"""Share of requests that are sent again after the connection broke before they were answered. Nobody asks for the others."""


@dataclass(frozen=True)
class Asked:
    """A request, which has a key for good."""

    path: str
    key: str
    content: bytes

    @property
    def is_step(self) -> bool:
        return self.path != "/v1/match-lists"


@dataclass
class Client:
    """One that asks over a connection that it keeps. It is used by one thread at a time."""

    name: str
    key: str
    seed: int
    asked: dict[str, Asked] = field(default_factory=dict)
    """Idempotency key → the request that it stands for."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """Idempotency key → what was answered with 201, as it came."""
    broken: int = 0
    """Requests that were not answered because the connection broke."""
    found_again: int = 0
    """Requests that were not answered, and turned out to be on record when they were sent again."""
    lost_on_the_way: int = 0
    """Requests that were not answered, and turned out not to be on record when they were sent again."""

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.seed} {self.name}")
        self._unanswered: Asked | None = None
        self._walked: tuple[int, int] | None = None

    @property
    def lists(self) -> Mapping[str, bytes]:
        """Answers to needs."""
        return {key: body for key, body in self.answers.items() if not self.asked[key].is_step}

    @property
    def steps(self) -> Mapping[str, bytes]:
        """Answers to steps."""
        return {key: body for key, body in self.answers.items() if self.asked[key].is_step}

    def work(self, port: int, requests: int | None = None) -> None:
        """Ask until the connection breaks, or so many times. First, perhaps, what the last connection left unanswered."""
        with closing(Connection(port, self.key)) as connection:
            try:
                self._ask_again(connection)
                while requests is None or (requests := requests - 1) >= 0:
                    self._ask_anything(connection)
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException):
                self.broken += 1

    def _ask_again(self, connection: Connection) -> None:
        unanswered, self._unanswered = self._unanswered, None
        if unanswered is None:
            return
        if self._random.random() < _ASKED_AGAIN:
            answer = self._send(connection, unanswered)
            if not unanswered.is_step:
                there = answer.headers.get("idempotency-replayed") == "true"
                self.found_again += there
                self.lost_on_the_way += not there
        elif unanswered.is_step:
            # Whether that step was recorded is not known, and so neither which may follow.
            self._walked = None

    def _ask_anything(self, connection: Connection) -> None:
        chance = self._random.random()
        if self.answers and chance < _REPEATED:
            self._send(connection, self.asked[self._random.choice(list(self.answers))])
        elif self.answers and chance < _REPEATED + _STEP:
            self._send(connection, self._next_step(connection) or self._next_need())
        else:
            self._send(connection, self._next_need())

    def _next_need(self) -> Asked:
        key = f"{self.name}-{len(self.asked)}"
        # The key stands in the need too, so that the record itself tells how many lists it made.
        need = {"text": self._random.choice(NEEDS), "country": "DK", "need_id": key, "company": f"{self.name} ApS"}
        return self._new("/v1/match-lists", key, {"need": need})

    def _next_step(self, connection: Connection) -> Asked | None:
        if self._walked is None or self._walked[1] == len(_STEPS):
            match_id = self._any_match(connection)
            if match_id is None:
                return None
            self._walked = match_id, 0
        match_id, walked = self._walked
        key = f"{self.name}-{len(self.asked)}"
        told = {"kind": _STEPS[walked]} | ({"incentive": key} if _STEPS[walked] == "incentive granted" else {})
        return self._new(f"/v1/matches/{match_id}/steps", key, told)

    def _any_match(self, connection: Connection) -> int | None:
        """One for which no step was recorded, on some list of its own; `None` where that list has none."""
        list_id = json.loads(self._random.choice(list(self.lists.values())))["list_id"]
        found = connection.ask(f"/v1/matches?list_id={list_id}").json["matches"]
        taken = {asked.path for asked in self.asked.values()}
        return next((one["match_id"] for one in found if f"/v1/matches/{one['match_id']}/steps" not in taken), None)

    def _new(self, path: str, key: str, content: object) -> Asked:
        return self.asked.setdefault(key, Asked(path, key, json.dumps(content).encode()))

    def _send(self, connection: Connection, asked: Asked) -> Answer:
        """Send it, and hold what is answered against what was answered before."""
        before = self.answers.get(asked.key)
        if before is None:
            self._unanswered = asked
        answer = connection.ask(asked.path, asked.content, asked.key)
        assert answer.status == 201, answer
        assert before in (None, answer.body), f"{asked.key} was answered differently before"
        if before is None:
            self._unanswered = None
            self.answers[asked.key] = answer.body
            if asked.is_step and self._walked is not None:
                self._walked = self._walked[0], self._walked[1] + 1
        return answer
