"""Every cell of the table route × role, walked through a real application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.access.caller import ROLES, Role
from service.access.local_link import LocalLink
from service.access.rules import RULES
from tests.unit.service.access.conftest import OpenClient
from tests.unit.service.access.guarded import Recorded, bearer, filled
from tests.unit.service.api import JSON, problem_document, refusal

ADV, ORG, EVA, OFF = ROLES
PUBLIC: set[Role] | None = None
TABLE: dict[tuple[str, str], set[Role] | None] = {
    ("POST", "/v1/match-lists"): {ADV, ORG},
    ("GET", "/v1/match-lists"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/match-lists/{list_id}"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/match-lists/{list_id}/replay"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/match-lists/{list_id}/erasure"): {ADV, OFF},
    ("POST", "/v1/match-lists/{list_id}/notes"): {ADV, ORG, OFF},
    ("GET", "/v1/match-lists/{list_id}/notes"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/corrections"): {ADV, ORG, OFF},
    ("POST", "/v1/batches"): {ADV, ORG},
    ("GET", "/v1/batches/{batch_id}"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/workshops"): {ORG},
    ("POST", "/v1/workshops/changes"): {ORG},
    ("GET", "/v1/matches"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/matches/{match_id}"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/matches/{match_id}/steps"): {ADV, ORG, OFF},
    ("GET", "/v1/indicators"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/record"): {EVA, OFF},
    ("GET", "/v1/programme"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/programme"): {OFF},
    ("GET", "/v1/programme/versions"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/programme/ranking"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/programme/ledger"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/programme/deadlines"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/programme/report"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/applications/check"): {ADV, ORG, OFF},
    ("POST", "/v1/applications"): {ADV, ORG, OFF},
    ("GET", "/v1/applications"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/applications/{application_id}"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/applications/{application_id}/steps"): {ADV, OFF},
    ("GET", "/v1/providers"): {ADV, ORG, EVA, OFF},
    ("GET", "/v1/providers/{provider_id}"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/providers"): {ADV, ORG, OFF},
    ("GET", "/v1/providers/{provider_id}/steps"): {ADV, ORG, EVA, OFF},
    ("POST", "/v1/providers/{provider_id}/steps"): {ADV, ORG, OFF},
    ("POST", "/v1/links"): {ADV, ORG, OFF},
    ("POST", "/v1/link"): PUBLIC,
    ("POST", "/v1/link/answer"): PUBLIC,
    ("GET", "/answer"): PUBLIC,
    ("POST", "/answer"): PUBLIC,
    ("POST", "/answer/survey"): PUBLIC,
    ("POST", "/answer/correction"): PUBLIC,
    ("POST", "/answer/company"): PUBLIC,
    ("POST", "/answer/leave"): PUBLIC,
    ("GET", "/metrics"): {EVA, OFF},
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/open"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/oauth2-redirect"): PUBLIC,
    ("GET", "/redoc"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
}
"""docs/record.md, written out a second time on purpose."""
CLOSED = [entry for entry, roles in TABLE.items() if roles is not None]
OPEN = [entry for entry, roles in TABLE.items() if roles is None]


def call(client: TestClient, method: str, path: str, **more: Any) -> Any:
    return client.request(method, filled(path), json={"need": "x"} if method == "POST" else None, **more)


def test_the_table_written_here_has_the_routes_of_the_rules() -> None:
    # Pages are walked through in tests of their own: what they answer is read by people.
    assert set(TABLE) == {(method, path) for method, path in RULES if not path.startswith("/console")}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_role_is_let_in_or_refused_as_the_table_says(
    client: TestClient, keyring: Recorded, method: str, path: str, role: Role
) -> None:
    response = call(client, method, path, headers=bearer(keyring.key_for(role)))
    allowed = TABLE[method, path]
    assert allowed is not None
    if role in allowed:
        assert (response.status_code, response.json()["caller"]) == (200, f"the {role}")
    else:
        document = refusal(response, 403)
        assert document["place"] == "role"
        assert all(one in document["required"] for one in allowed)
        assert role in document["found"]
        assert document["remedy"]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nobody_is_let_in_without_a_key(client: TestClient, method: str, path: str) -> None:
    response = call(client, method, path)
    document = refusal(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"
    assert "crossmatch keys create" in document["remedy"]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_the_local_user_is_let_in_everywhere(open_client: OpenClient, link: LocalLink, method: str, path: str) -> None:
    client = open_client(link=link)
    assert client.get(link.issue()).status_code == 303
    response = call(client, method, path)
    assert (response.status_code, response.json()["caller"]) == (200, "local user")


@pytest.mark.parametrize(("method", "path"), [entry for entry in OPEN if entry[1] != "/open"])
def test_a_public_route_answers_without_a_key_and_with_a_wrong_one(client: TestClient, method: str, path: str) -> None:
    assert call(client, method, path).status_code == 200
    assert call(client, method, path, headers=bearer("cm_nonsense")).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", sorted({path for _, path in CLOSED}))
def test_another_method_opens_nothing(client: TestClient, keyring: Recorded, method: str, path: str) -> None:
    for headers in ({}, bearer(keyring.key_for("evaluator"))):
        response = client.request(method, filled(path), headers=headers)
        assert response.status_code == 405
        assert "caller" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v2/matches",
        "/v1/matches/7/steps/1",
        "/V1/matches",
        "//v1/matches",
        "/v1//matches",
        "/v1/matches/a%2Fb",
        "/static/../v1",
    ],
)
def test_an_unknown_path_is_not_found_with_and_without_a_key(client: TestClient, keyring: Recorded, path: str) -> None:
    for headers in ({}, bearer(keyring.key_for("advisor"))):
        problem = client.get(path, headers=headers)
        assert problem.status_code == 404
        problem_document(problem)


@pytest.mark.parametrize("path", ["/v1/matches/", "/v1/match-lists/"])
def test_a_slash_too_many_opens_nothing(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 307
    assert client.get(response.headers["location"]).status_code == 401


def test_the_body_is_only_read_for_who_is_let_in(client: TestClient, keyring: Recorded) -> None:
    read: list[bool] = []

    def body() -> Iterator[bytes]:
        read.append(True)
        yield b'{"need": "x"}'

    for role, status, times in ((EVA, 403, 0), (ADV, 200, 1)):
        key = bearer(keyring.key_for(role))
        assert client.post("/v1/match-lists", content=body(), headers=JSON | key).status_code == status
        assert len(read) == times
