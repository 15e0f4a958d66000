"""The service is killed (SIGKILL) at moments nobody chose, while it works for several clients, and started on the same record.

Whatever was answered is on record as it was answered; a request with a key was carried out once at most; the chain holds
after every kill. `KILL_SEED` repeats a run's moments, which are printed; `KILL_TIMES` changes how often.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from embeddings.cache import CachedEncoder
from matcher.log import Head, ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import Command
from tests.e2e.load_clients import NEEDS, Client
from tests.e2e.record_lock import holds_postgres, holds_sqlite
from tests.e2e.served import Service, home_with_own_directory, new_key, record_of
from tests.postgres import Postgres

TIMES = int(os.environ.get("KILL_TIMES", "30"))
SEED = int(os.environ.get("KILL_SEED", "0")) or secrets.randbelow(2**32)
CLIENTS = 4
FIRST_S, LAST_S = 0.02, 0.6
"""The kill comes at any moment between these, in seconds after the clients began."""


@dataclass
class Survived:
    """What is there after all the kills, and what the clients were told."""

    record: str
    clients: list[Client]
    heads: list[Head]
    """Of the chain, verified by the service after each kill."""
    in_a_write: int
    """Kills that came while the service held the record's lock: within a transaction that writes."""

    def told(self, name: str) -> str:
        given, steps = sum(len(one.lists) for one in self.clients), sum(len(one.steps) for one in self.clients)
        cut, there, gone = (sum(getattr(one, what) for one in self.clients) for what in _CUT)
        return (
            f"{name}, seed {SEED}: {len(self.heads) - 1} kills, {given} lists and {steps} steps answered; "
            f"{cut} requests cut off, of those with a need that were sent again {there} were on record and {gone} were not; "
            f"{self.in_a_write} kills within a write"
        )


_CUT = ("broken", "found_again", "lost_on_the_way")


def survive(command: Command, name: str, office: str, advisor: str, postgres: Postgres | None) -> Survived:
    """Start, load, kill; again and again; and at the end let every client finish. `office` and `advisor` are keys."""
    moments = random.Random(f"{SEED} {name}")
    clients = [Client(f"{name}-{number}", advisor, SEED) for number in range(CLIENTS)]
    heads, in_a_write, url, file = [], 0, record_of(command), command.home / "match-log.sqlite3"
    with ThreadPoolExecutor(CLIENTS) as pool:
        for left in range(TIMES, -1, -1):
            with Service(command) as service:
                verified = service.ask("/v1/record", office)
                assert verified.status == 200, verified
                heads.append(Head.model_validate(verified.json))
                for need in NEEDS:  # so that encoding them is not all that is killed
                    warm = {"need": {"text": need, "country": "NL", "need_id": "warm"}}
                    assert service.ask("/v1/match-lists", advisor, warm).status == 201
                work = [pool.submit(client.work, service.port, None if left else 5) for client in clients]
                if left:
                    threading.Event().wait(moments.uniform(FIRST_S, LAST_S))
                    service.freeze()
                    # Looked at only now, when it cannot go on any more.
                    in_a_write += holds_sqlite(service.process.pid, file) if postgres is None else holds_postgres(postgres, url)
                    service.kill()
                for one in work:
                    one.result()
    return Survived(url, clients, heads, in_a_write)


@pytest.fixture(scope="module")
def both(real_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Survived]]]:
    """SQLite and PostgreSQL at the same time: starting the service takes most of it, and one core."""
    folder: Path = tmp_path_factory.mktemp("killed")
    own = home_with_own_directory(folder / "sqlite", real_encoder)
    with Postgres() as server, ThreadPoolExecutor(2) as pool:
        shared = home_with_own_directory(folder / "postgresql", real_encoder).with_settings(log_url=server.new_database())
        told = {}
        for name, command, postgres in (("sqlite", own, None), ("postgresql", shared, server)):
            keys = new_key(command, "programme office"), new_key(command, "advisor")
            told[name] = command, name, *keys, postgres
        yield {name: pool.submit(survive, *arguments) for name, arguments in told.items()}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def survived(both: dict[str, Future[Survived]], request: pytest.FixtureRequest) -> Survived:
    result = both[request.param].result()
    print(result.told(request.param))
    return result


@pytest.fixture(scope="module")
def log(survived: Survived) -> Iterator[SqlMatchLog]:
    opened = SqlMatchLog(survived.record)
    yield opened
    opened.close()


def test_every_list_that_was_answered_is_on_record_byte_for_byte(survived: Survived, log: SqlMatchLog) -> None:
    answered = [body for client in survived.clients for body in client.lists.values()]
    assert len(answered) > TIMES
    for body in answered:
        assert log.get(json.loads(body)["list_id"]).model_dump_json().encode() == body


def test_no_key_made_two_lists_and_nothing_is_there_that_nobody_asked_for(survived: Survived, log: SqlMatchLog) -> None:
    made = Counter(one.need_id for one in log.lists(ListQuery(limit=10_000)))
    assert made.pop("warm") == len(NEEDS) * (TIMES + 1)
    assert set(made.values()) == {1}
    asked = {key for client in survived.clients for key, one in client.asked.items() if not one.is_step}
    answered = {key for client in survived.clients for key in client.lists}
    assert answered <= made.keys() <= asked


def test_every_list_on_record_is_whole(log: SqlMatchLog) -> None:
    for one in log.lists(ListQuery(limit=10_000)):
        assert [match.rank for match in log.get(one.list_id).answer.matches] == list(range(1, one.matches + 1))


def test_every_step_that_was_answered_is_on_record_once(survived: Survived, log: SqlMatchLog) -> None:
    there = {step.step_id: json.loads(step.model_dump_json()) for step in log.steps()}
    answered = [json.loads(body) for client in survived.clients for body in client.steps.values()]
    assert answered
    for told in answered:
        assert there[told["step_id"]] == told
    made = Counter((step["match_id"], step["kind"], step["incentive"]) for step in there.values())
    assert set(made.values()) == {1}


def test_the_chain_held_after_every_kill_and_only_grew(survived: Survived, log: SqlMatchLog) -> None:
    assert len(survived.heads) == TIMES + 1
    assert [head.seq for head in survived.heads] == sorted(head.seq for head in survived.heads)
    for head in survived.heads:
        assert log.entry_hash(head.seq) == head.hash
    assert log.verify().seq > survived.heads[-1].seq


def test_the_kills_came_while_requests_were_in_progress(survived: Survived) -> None:
    assert sum(client.broken for client in survived.clients) > 0
