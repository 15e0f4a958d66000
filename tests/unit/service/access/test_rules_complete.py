from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Request, Response, WebSocket
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from service.access.link_route import link_routes
from service.access.routes import RulesIncomplete, check_every_route_has_a_rule
from service.access.rules import RULES
from tests.unit.service.access.guarded import Recorded, bearer, guarded_app, with_routes


def complete() -> FastAPI:
    app = with_routes()
    app.include_router(link_routes(None))
    return app


async def anything() -> str:
    return "secret"


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError


def test_the_table_and_the_routes_fit() -> None:
    check_every_route_has_a_rule(complete())


def test_a_new_route_without_a_rule_stops_the_start() -> None:
    app = complete()
    app.add_api_route("/v1/secrets", anything, methods=["GET", "POST"])
    with pytest.raises(RulesIncomplete, match=r"no rule for GET /v1/secrets; no rule for POST /v1/secrets\. Mend"):
        check_every_route_has_a_rule(app)


def test_a_known_path_with_a_new_method_stops_the_start() -> None:
    app = complete()
    app.add_api_route("/v1/matches", anything, methods=["DELETE"])
    with pytest.raises(RulesIncomplete, match="no rule for DELETE /v1/matches"):
        check_every_route_has_a_rule(app)


def test_a_rule_without_a_route_stops_the_start() -> None:
    rules = {**RULES, ("GET", "/v1/former"): RULES["GET", "/v1/matches"]}
    with pytest.raises(RulesIncomplete, match="no route for the rule of GET /v1/former"):
        check_every_route_has_a_rule(complete(), rules)


def test_a_route_of_an_included_router_needs_a_rule_under_its_whole_path() -> None:
    inner, outer = APIRouter(), APIRouter(prefix="/inner")
    inner.add_api_route("/secrets", anything)
    outer.include_router(inner)
    app = complete()
    app.include_router(outer, prefix="/v1")
    with pytest.raises(RulesIncomplete, match="no rule for GET /v1/inner/secrets"):
        check_every_route_has_a_rule(app)


def mount(app: FastAPI) -> None:
    app.router.routes.append(Mount("/files", app=bare))


def any_method(app: FastAPI) -> None:
    class Endpoint:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            raise AssertionError

    endpoint: ASGIApp = Endpoint()
    app.router.routes.append(Route("/files", endpoint))


def websocket(app: FastAPI) -> None:
    @app.websocket("/files")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()


@pytest.mark.parametrize("add", [mount, any_method, websocket])
def test_what_has_no_method_can_have_no_rule(add: object) -> None:
    app = complete()
    add(app)  # type: ignore[operator]
    with pytest.raises(RulesIncomplete, match="no rule for any method /files"):
        check_every_route_has_a_rule(app)


def test_files_served_beside_the_routes_stop_the_start(tmp_path: Path) -> None:
    app = complete()
    app.frontend("/", directory=tmp_path)
    with pytest.raises(RulesIncomplete, match="no rule for any method"):
        check_every_route_has_a_rule(app)


def test_a_route_that_comes_in_after_the_start_opens_to_nobody(keyring: Recorded) -> None:
    app = guarded_app(keyring)
    app.add_api_route("/v1/late", anything)
    key = keyring.key_for("programme office")
    with TestClient(app) as client:
        assert client.get("/v1/late").status_code == 401
        response = client.get("/v1/late", headers=bearer(key))
    assert response.status_code == 403
    assert "there is none" in response.json()["detail"]


def test_a_route_that_answers_head_by_itself_asks_for_a_key_there_too(keyring: Recorded) -> None:
    """FastAPI's own routes answer GET alone, those of Starlette also HEAD."""

    async def metrics(request: Request) -> Response:
        return Response(request.state.caller.name)

    app = guarded_app(keyring)
    app.router.routes.insert(0, Route("/metrics", metrics))
    key = keyring.key_for("evaluator")
    with TestClient(app) as client:
        assert client.head("/metrics").status_code == 401
        assert client.head("/metrics", headers=bearer(keyring.key_for("advisor"))).status_code == 403
        assert client.head("/metrics", headers=bearer(key)).status_code == 200


def test_a_websocket_is_closed(keyring: Recorded) -> None:
    app = guarded_app(keyring)
    websocket(app)
    with TestClient(app) as client, pytest.raises(WebSocketDisconnect), client.websocket_connect("/files"):
        pass
