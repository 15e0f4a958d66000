"""One line and one count a request, with its id in every line, and nothing of what was asked."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio.to_thread
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.caller import LOCAL, Caller
from service.api.body_limit import BodyLimit
from service.api.problems import add_problem_handlers
from service.operation.logs import line_handler
from service.operation.request_id import request_id_of
from service.operation.request_log import RequestLog

SECRETS = ("We look for a partner", "8f3kQ", "cm_abcdefgh_", "token", "limit=7", "list-42")
CALLER = Caller(name="Office of the region", roles=frozenset({"advisor"}), region="nl-oost", key_id="abcdefgh")

router = APIRouter(prefix="/lists")
_logger = logging.getLogger("crossmatch.test")


@router.get("/{list_id}")
def read(list_id: str) -> str:
    _logger.info("in a thread of the pool")
    return "read"


@router.post("/{list_id}/steps", status_code=201)
async def step(list_id: str) -> str:
    _logger.info("in the event loop")
    await anyio.to_thread.run_sync(lambda: _logger.info("in a further thread"))
    return "recorded"


class LetIn:
    """In the gate's place: says who calls, or refuses before the router is reached."""

    def __init__(self, app: ASGIApp, caller: Caller | None) -> None:
        self._app, self._caller = app, caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._caller is None:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] == "http":
            scope["state"]["caller"] = self._caller
        await self._app(scope, receive, send)


class Counted:
    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int]] = []
        self.seconds: list[float] = []

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self.requests.append((method, route, status))
        self.seconds.append(seconds)


class Service:
    """A small application under `RequestLog`, what it said and what it counted."""

    def __init__(self, caller: Caller | None = CALLER) -> None:
        self.stream, self.counted = io.StringIO(), Counted()
        app = FastAPI()
        app.include_router(router, prefix="/v1")
        app.add_api_route("/fails", self._fail)
        app.add_api_route("/healthz", lambda: "ok")
        add_problem_handlers(app)
        app.add_middleware(LetIn, caller=caller)
        app.add_middleware(BodyLimit, largest=1_000)
        app.add_middleware(RequestLog, observer=self.counted, quiet=["/healthz"])
        self.client = TestClient(app, raise_server_exceptions=False)

    @staticmethod
    def _fail() -> None:
        raise RuntimeError("something of the inside")

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The access lines alone."""
        return [entry for entry in self.entries if entry["logger"] == "crossmatch.requests"]


@pytest.fixture
def logged() -> Iterator[logging.Logger]:
    logger = logging.getLogger("crossmatch")
    before = logger.level
    logger.setLevel(logging.INFO)
    yield logger
    logger.setLevel(before)


@pytest.fixture(params=[CALLER])
def service(request: pytest.FixtureRequest, logged: logging.Logger) -> Iterator[Service]:
    made = Service(request.param)
    handler = line_handler("json", made.stream)
    logged.addHandler(handler)
    with made.client:
        yield made
    logged.removeHandler(handler)


def test_a_request_is_told_in_one_line(service: Service) -> None:
    answer = service.client.get("/v1/lists/list-42?limit=7", headers={"x-request-id": "call-9"})
    assert answer.headers["x-request-id"] == "call-9"
    (line,) = service.lines
    assert line.pop("time")
    assert line.pop("milliseconds") > 0
    assert line == {
        "level": "info",
        "event": "request",
        "logger": "crossmatch.requests",
        "request_id": "call-9",
        "method": "GET",
        "route": "/v1/lists/{list_id}",
        "status": 200,
        "key_id": "abcdefgh",
        "role": "advisor",
        "region": "nl-oost",
    }
    assert service.counted.requests == [("GET", "/v1/lists/{list_id}", 200)]
    assert service.counted.seconds[0] > 0


@pytest.mark.parametrize("path", ["/v1/lists/list-42", "/v1/lists/list-42/steps", "/nowhere/list-42", "/fails", "/open"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_of_what_was_asked_is_in_a_line(service: Service, method: str, path: str) -> None:
    service.client.request(
        method,
        f"{path}?token=8f3kQ&limit=7",
        json={"text": "We look for a partner"},
        headers={"authorization": "Bearer cm_abcdefgh_" + "A" * 43, "cookie": "session=8f3kQ"},
    )
    assert len(service.lines) == 1
    for secret in SECRETS:
        assert secret not in service.stream.getvalue()
    assert "Office of the region" not in service.stream.getvalue()


@pytest.mark.parametrize(("method", "path", "events"), [("GET", "", 2), ("POST", "/steps", 3)])
def test_every_line_of_a_request_has_its_id_from_whichever_thread(
    service: Service, method: str, path: str, events: int
) -> None:
    def ask(number: int) -> None:
        service.client.request(method, f"/v1/lists/x{path}", headers={"x-request-id": f"call-{number}"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(40)))
    ids = [entry["request_id"] for entry in service.entries]
    assert sorted(ids) == sorted(f"call-{number}" for number in range(40) for _ in range(events))


@pytest.mark.parametrize("given", ["", "two words", "a" * 101, "line\x0b"])
def test_a_request_without_a_usable_id_gets_a_new_one_for_all_its_lines(service: Service, given: str) -> None:
    service.client.get("/v1/lists/x", headers={"x-request-id": given} if given else {})
    first, second = [entry["request_id"] for entry in service.entries]
    assert first == second
    assert uuid.UUID(first)


def test_an_id_is_made_once_a_request() -> None:
    scope: Scope = {"type": "http", "headers": []}
    made = request_id_of(scope)
    assert request_id_of(scope) == made == scope["state"]["request_id"]
    given: Scope = {"type": "http", "headers": [(b"x-request-id", b"call-9")], "state": {"request_id": made}}
    assert request_id_of(given) == made


def test_an_unexpected_error_is_told_with_the_requests_id_and_counted(service: Service) -> None:
    answer = service.client.get("/fails", headers={"x-request-id": "call-9"})
    assert answer.status_code == 500
    assert [entry["request_id"] for entry in service.entries] == ["call-9"] * 2
    assert [line["status"] for line in service.lines] == [500]
    (told,) = [entry for entry in service.entries if "exception" in entry]
    assert "RuntimeError: something of the inside" in told["exception"]
    assert service.counted.requests == [("GET", "/fails", 500)]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere/at/all", ("GET", "unknown", 404)),
        ("GET", "/v1/lists/x/", ("GET", "unknown", 307)),
        ("DELETE", "/v1/lists/x", ("DELETE", "/v1/lists/{list_id}", 405)),
        ("BREW", "/v1/lists/x", ("other", "/v1/lists/{list_id}", 405)),
        ("BREW", "/nowhere", ("other", "unknown", 404)),
        ("GET", "/openapi.json", ("GET", "/openapi.json", 200)),
    ],
)
def test_methods_and_routes_have_few_values(service: Service, method: str, path: str, expected: tuple[str, str, int]) -> None:
    service.client.request(method, path, follow_redirects=False)
    assert service.counted.requests == [expected]
    assert [(line["method"], line["route"], line["status"]) for line in service.lines] == [expected]


def test_what_is_refused_before_the_router_is_told_by_its_route(service: Service) -> None:
    service.client.post("/v1/lists/x/steps", content=b"a" * 2_000)
    assert service.counted.requests == [("POST", "/v1/lists/{list_id}/steps", 413)]
    assert "key_id" not in service.lines[0]


@pytest.mark.parametrize("service", [None], indirect=True)
def test_a_caller_who_is_not_known_is_not_told(service: Service) -> None:
    assert service.client.get("/v1/lists/x").status_code == 401
    assert service.counted.requests == [("GET", "/v1/lists/{list_id}", 401)]
    assert {"key_id", "role", "region"} & set(service.lines[0]) == set()


@pytest.mark.parametrize("service", [LOCAL], indirect=True)
def test_the_local_user_is_told_as_such(service: Service) -> None:
    service.client.get("/v1/lists/x")
    line = service.lines[0]
    assert (line["key_id"], line["role"], line["region"]) == ("none", "local user", "all")


def test_what_monitors_ask_all_day_is_counted_and_not_told(service: Service) -> None:
    service.client.get("/healthz")
    service.client.post("/healthz")
    assert [line["status"] for line in service.lines] == [405]
    assert service.counted.requests == [("GET", "/healthz", 200), ("POST", "/healthz", 405)]
