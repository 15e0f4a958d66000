"""An office that asks a running service, and knows what it was given."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.log import ListQuery
from service.record.sql_log import SqlMatchLog
from tests.e2e.command import NEED, Command
from tests.e2e.served import Answer, Service, new_key
from tests.postgres import until

ONE_NEED = {"need": {"text": NEED, "country": "DK"}}


@dataclass
class Office:
    """Asks with a key of its own; and an auditor looks after it."""

    service: Service
    key: str
    auditor: str

    def need(self, once: str = "") -> Answer:
        return self.service.ask("/v1/match-lists", self.key, ONE_NEED, once)

    def given(self, once: str = "") -> dict[str, Any]:
        """A match list."""
        answer = self.need(once)
        assert answer.status == 201, answer
        given: dict[str, Any] = answer.json
        return given

    def ready(self) -> Answer:
        return self.service.ask("/readyz")

    def check_alive(self) -> None:
        assert self.service.ask("/healthz").json == {"status": "ok"}

    def check_told(self, where: Path) -> None:
        """The service's own log names the place; its callers are not told it."""
        until(lambda: str(where).encode() in self.service.said, "the service to name the place")

    def check_readable(self, given: dict[str, Any]) -> None:
        answer = self.service.ask(f"/v1/match-lists/{given['list_id']}", self.key)
        assert (answer.status, answer.json) == (200, given)

    def check_on_record(self, url: str, *given: dict[str, Any]) -> None:
        """These and no others, by the service and by the record itself; and the chain holds."""
        assert self.service.ask("/v1/record", self.auditor).status == 200
        log = SqlMatchLog(url)
        try:
            assert [one.list_id for one in log.lists(ListQuery())] == [one["list_id"] for one in reversed(given)]
            assert [log.get(one["list_id"]).model_dump(mode="json") for one in given] == list(given)
            log.verify()
        finally:
            log.close()


def open_office(stack: ExitStack, command: Command) -> Office:
    """A service that ends with the stack, and an office with new keys to it."""
    keys = new_key(command, "advisor"), new_key(command, "evaluator")
    return Office(stack.enter_context(Service(command)), *keys)


def refused(answer: Answer, status: int = 507) -> dict[str, str]:
    """The problem document of a refusal by the record."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    document: dict[str, str] = answer.json
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document
