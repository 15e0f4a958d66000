"""The interface describes itself truly: every answer is documented, and the examples work."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.shipped import shipped_needs
from tests.unit.service.api import refusal

ROUTES = {
    "/v1/match-lists": {"post": {"201", "400", "401", "403", "409", "413", "422", "429", "507"}, "get": {"200", "422", "507"}},
    "/v1/match-lists/{list_id}": {"get": {"200", "401", "404", "507"}},
    "/v1/match-lists/{list_id}/replay": {"get": {"200", "404", "409", "507"}},
    "/v1/match-lists/{list_id}/erasure": {"post": {"200", "403", "404", "507"}},
    "/v1/batches": {"post": {"201", "400", "401", "403", "413", "422", "429", "507"}},
    "/v1/batches/{batch_id}": {"get": {"200", "401", "404", "422", "507"}},
    "/v1/workshops": {"post": {"200", "400", "401", "403", "413", "422", "429", "503", "507"}},
    "/v1/workshops/changes": {"post": {"200", "400", "401", "403", "413", "422", "429", "503"}},
    "/v1/matches": {"get": {"200", "422", "507"}},
    "/v1/matches/{match_id}": {"get": {"200", "404", "422", "507"}},
    "/v1/matches/{match_id}/steps": {"post": {"201", "400", "404", "409", "413", "422", "507"}},
    "/v1/indicators": {"get": {"200", "403", "422", "507"}},
    "/v1/record": {"get": {"200", "403", "409", "507"}},
    "/v1/programme": {
        "get": {"200", "401", "404", "507"},
        "post": {"201", "400", "401", "403", "409", "413", "422", "429", "507"},
    },
    "/v1/programme/versions": {"get": {"200", "401", "507"}},
    "/v1/programme/ranking": {"get": {"200", "401", "403", "404", "422", "507"}},
    "/v1/programme/ledger": {"get": {"200", "401", "403", "404", "422", "507"}},
    "/v1/programme/deadlines": {"get": {"200", "401", "403", "404", "422", "507"}},
    "/v1/programme/report": {"get": {"200", "401", "403", "404", "422", "507"}},
    "/v1/applications/check": {"post": {"200", "400", "403", "404", "413", "422", "507"}},
    "/v1/applications": {
        "post": {"201", "400", "401", "403", "404", "409", "413", "422", "429", "507"},
        "get": {"200", "401", "403", "422", "507"},
    },
    "/v1/applications/{application_id}": {"get": {"200", "401", "404", "422", "507"}},
    "/v1/applications/{application_id}/steps": {"post": {"201", "400", "401", "403", "404", "409", "413", "422", "429", "507"}},
    "/v1/providers": {"get": {"200", "401", "422"}, "post": {"201", "400", "401", "403", "409", "413", "422", "429", "507"}},
    "/v1/providers/{provider_id}": {"get": {"200", "404"}},
    "/v1/providers/{provider_id}/steps": {
        "get": {"200", "401", "403", "404", "422", "507"},
        "post": {"201", "400", "401", "403", "404", "409", "413", "422", "429", "507"},
    },
    "/v1/match-lists/{list_id}/notes": {
        "get": {"200", "401", "403", "404", "422", "429", "507"},
        "post": {"201", "400", "401", "403", "404", "409", "413", "422", "429", "507"},
    },
    "/v1/corrections": {"get": {"200", "401", "403", "422", "429", "507"}},
    "/v1/links": {"post": {"201", "400", "401", "403", "404", "413", "422", "429", "507"}},
    "/v1/link": {"post": {"200", "400", "403", "413", "422", "429", "507"}},
    "/v1/link/answer": {"post": {"201", "400", "403", "404", "409", "413", "422", "429", "507"}},
    "/healthz": {"get": {"200"}},
    "/readyz": {"get": {"200", "507"}},
    "/metrics": {"get": {"200", "401", "403"}},
}
PUBLIC = {"/healthz", "/readyz", "/v1/link", "/v1/link/answer"}


@pytest.fixture
def schema(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", one) for path, item in schema["paths"].items() for method, one in item.items()]


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


def test_every_route_is_there_with_its_answers(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.")
    assert set(schema["paths"]) == set(ROUTES)
    for path, methods in ROUTES.items():
        for method, statuses in methods.items():
            assert statuses <= set(schema["paths"][path][method]["responses"]), f"{method} {path}"


def test_every_route_but_the_public_ones_asks_for_a_key(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        assert (name.split()[1] in PUBLIC) == ("security" not in operation), name


def test_every_error_answer_is_documented_as_a_problem(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"
                assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_every_good_answer_has_a_shape_and_every_route_a_description(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        assert operation["description"], name
        for status, answer in operation["responses"].items():
            if status < "400":
                [(kind, content)] = answer["content"].items()
                assert content["schema"], f"{name} {status}"
                assert kind == ("text/plain" if name == "get /metrics" else "application/json")


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    found = set(references(schema))
    assert "#/components/schemas/LoggedList" in found
    for reference in found:
        start, _, name = reference.rpartition("/")
        assert start == "#/components/schemas"
        assert name in schema["components"]["schemas"], reference


def test_a_problem_document_has_the_documented_fields(client: TestClient, schema: dict[str, Any]) -> None:
    problem = schema["components"]["schemas"]["Problem"]
    document = refusal(client.get("/v1/providers/nobody"), 404)
    assert set(problem["required"]) <= set(document)
    assert set(document) <= set(problem["properties"])


def test_the_field_problems_is_documented_too(client: TestClient, schema: dict[str, Any]) -> None:
    document = refusal(client.post("/v1/match-lists", json={}), 422)
    assert set(document) <= set(schema["components"]["schemas"]["Problem"]["properties"])


def test_every_example_is_a_sample_need_and_is_answered(client: TestClient, schema: dict[str, Any]) -> None:
    media = schema["paths"]["/v1/match-lists"]["post"]["requestBody"]["content"]["application/json"]
    examples = media["examples"]
    assert len(examples) >= 4
    texts = {need.text for need in shipped_needs()}
    for name, example in examples.items():
        created = client.post("/v1/match-lists", json=example["value"])
        assert created.status_code == 201, f"{name}: {created.text}"
        assert example["value"]["need"]["text"] in texts


def test_the_pages_for_people_are_there(client: TestClient) -> None:
    assert client.get("/docs").status_code == 200
