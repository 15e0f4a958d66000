from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from service.access.headers import add_security_headers
from service.access.limits import RateLimits
from service.access.local_link import LocalLink
from tests.unit.service.access.conftest import OpenClient
from tests.unit.service.access.guarded import Recorded, bearer

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
SWAGGER = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/"


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["content-security-policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def check(response: Any, status: int) -> None:
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert policy(response)["default-src"] == "'none'"
    assert policy(response)["frame-ancestors"] == "'none'"
    assert [name for name in response.headers if name.lower().startswith("access-control")] == []


def test_every_kind_of_answer_has_them_and_none_allows_other_sites(
    open_client: OpenClient, keyring: Recorded, link: LocalLink
) -> None:
    client = open_client(link=link, rates=RateLimits(failures=2))
    advisor, evaluator = bearer(keyring.key_for("advisor")), bearer(keyring.key_for("evaluator"))
    from_elsewhere = {"origin": "http://evil.example"}
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    check(client.get("/v1/matches", headers=advisor | from_elsewhere), 200)
    check(client.get("/v1/matches"), 401)
    check(client.get("/v1/matches", headers=bearer("cm_nonsense") | from_elsewhere), 401)
    check(client.get("/v1/matches"), 429)
    check(client.post("/v1/match-lists", json={}, headers=evaluator | from_elsewhere), 403)
    check(client.get("/nothing", headers=from_elsewhere), 404)
    check(client.options("/v1/match-lists", headers=from_elsewhere | ask), 405)
    check(client.post("/v1/match-lists", content=b"x" * 300_000, headers=advisor), 413)
    check(client.get("/healthz", headers={"host": "evil.example"}), 421)
    check(client.post("/v1/match-lists", content=b"no json", headers=advisor), 422)
    check(client.get("/v1/matches", headers=advisor | {"x-break": "1"}), 500)
    check(client.get(link.issue()), 303)
    for path in ("/healthz", "/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect"):
        check(client.get(path, headers=from_elsewhere), 200)


def test_a_busy_service_sends_them_too(open_client: OpenClient) -> None:
    check(open_client(at_once=0).get("/openapi.json"), 503)


def test_data_may_load_and_run_nothing(client: TestClient) -> None:
    for path in ("/healthz", "/openapi.json", "/nothing"):
        assert set(policy(client.get(path))) == {"default-src", "base-uri", "form-action", "frame-ancestors"}


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_all_that_a_page_loads_is_allowed_and_nothing_more(client: TestClient, path: str) -> None:
    response = client.get(path)
    allowed = policy(response)
    scripts = re.findall(r'<script src="([^"]+)"', response.text)
    inline = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline]
    assert allowed["script-src"].split() == [*scripts, *digests]
    assert "unsafe" not in allowed["script-src"]
    assert "<script " not in re.sub(r"<script src=[^>]*>", "", response.text)
    for sheet in re.findall(r'<link [^>]*href="([^"]+)"[^>]*rel="stylesheet"|rel="stylesheet" href="([^"]+)"', response.text):
        assert any("".join(sheet).startswith(source) for source in allowed["style-src"].split())
    for icon in re.findall(r'rel="shortcut icon" href="([^"]+)"', response.text):
        assert icon in allowed["img-src"].split()


def test_the_description_loads_from_one_folder_of_one_other_host(client: TestClient) -> None:
    allowed = policy(client.get("/docs"))
    assert [source for source in allowed["script-src"].split() if "//" in source] == [f"{SWAGGER}swagger-ui-bundle.js"]
    assert [source for source in allowed["style-src"].split() if "//" in source] == [f"{SWAGGER}swagger-ui.css"]
    assert allowed["connect-src"] == "'self'"


def test_what_the_application_says_itself_stays_and_stands_once() -> None:
    app = FastAPI()
    add_security_headers(app)

    @app.get("/")
    def answer() -> Response:
        return Response("x", headers={"Cache-Control": "max-age=60"})

    with TestClient(app) as client:
        assert client.get("/").headers.get_list("cache-control") == ["max-age=60"]
        assert client.head("/docs").headers.get_list("content-security-policy") != []


def test_a_page_under_a_path_of_a_proxy_keeps_its_policy() -> None:
    app = FastAPI()
    add_security_headers(app)
    with TestClient(app, root_path="/crossmatch") as client:
        for path in ("/docs", "/crossmatch/docs"):
            response = client.get(path)
            assert response.status_code == 200
            assert "script-src" in policy(response)
