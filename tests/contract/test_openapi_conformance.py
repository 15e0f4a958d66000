"""Whatever is sent, by whomever: the interface answers as it says in its own description."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from schemathesis.engine import Status

from matcher.log import ListQuery, MatchQuery
from matcher.programme.application import NewApplication
from matcher.programme.book import ApplicationQuery
from matcher.programme.programme_file import programme_from
from matcher.shipped import shipped_programme, shipped_programme_file
from service.access.caller import ROLES, Caller, Role
from service.access.rules import RULES
from service.api.programme_examples import application_examples
from service.cli.programme.trying_out import open_now
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.record.sql_programme import SqlProgramme
from tests.contract.conformance import Found, run
from tests.unit.service.api import app_of, key_headers, keyring_of

REGION = "nl-oost"
NEEDS = (
    {"text": "We look for inhalation toxicology with lung models.", "country": "NL", "region": REGION, "company": "Lungs"},
    {"text": "A laboratory for asthma medicines and lung tissue.", "country": "NL", "region": REGION},
    {"text": "Vaccine filling for clinical batches in spring.", "country": "NL", "region": REGION, "title": "Filling"},
    {"text": "Wir suchen ein Labor für Inhalation und Lunge.", "country": "DE", "region": "de-nrw", "company": "Atem"},
    {"text": "Patent attorneys for a biotech licence.", "country": "DK"},
)
EVERYTHING = ("examples", "coverage", "fuzzing", "stateful")
LITTLE = ("fuzzing", "stateful")
LITTLE_AND_EXAMPLES = ("examples", *LITTLE)
CALLERS: dict[str, tuple[Role | None, str | None, int, tuple[str, ...]]] = {
    "advisor of all regions": ("advisor", None, 12, EVERYTHING),
    "programme office of all regions": ("programme office", None, 10, LITTLE_AND_EXAMPLES),
    "nobody": (None, None, 10, LITTLE),
    # Events and applications that make sense do not come about by chance.
    **{f"{role} of one region": (role, REGION, 10, LITTLE_AND_EXAMPLES) for role in ROLES if role != "evaluator"},
    "evaluator of one region": ("evaluator", REGION, 10, LITTLE),
    "organiser of all regions": ("organiser", None, 10, EVERYTHING),
    "evaluator of all regions": ("evaluator", None, 10, LITTLE),
}
"""Who asks, how many random requests a route, and which phases. Who reads what another role reads is asked less."""


@pytest.fixture
def lived_in(small_desk: Desk) -> Desk:
    """A record with lists of two regions and of none, steps, a need whose words are erased, and a batch."""
    headers = key_headers(keyring_of(small_desk.log))
    with TestClient(app_of(small_desk), headers=headers) as client:
        lists = [client.post("/v1/match-lists", json={"need": need}).json()["list_id"] for need in NEEDS]
        for told in ({"kind": "introduced"}, {"kind": "accepted"}, {"kind": "met", "rating": "cooperation possible"}):
            assert client.post("/v1/matches/1/steps", json=told).status_code == 201
        assert client.post(f"/v1/match-lists/{lists[3]}/erasure").status_code == 200
        assert client.post("/v1/batches", json={"needs": NEEDS[:2]}).status_code == 201
    book = SqlProgramme(log_of(small_desk))
    text = open_now(shipped_programme_file().read_text(encoding="utf-8"), datetime.now(UTC).date())
    book.adopt(programme_from("programme.toml", text.encode()), "a test")
    for one in application_examples().values():
        book.submit(NewApplication.model_validate(one["value"]), "a test")
    return small_desk


def log_of(desk: Desk) -> SqlMatchLog:
    assert isinstance(desk.log, SqlMatchLog)
    return desk.log


@pytest.mark.parametrize("name", CALLERS)
def test_every_answer_is_as_the_interface_says(lived_in: Desk, name: str) -> None:
    role, region, examples, phases = CALLERS[name]
    keyring = keyring_of(lived_in.log)
    key = None if role is None else key_headers(keyring, role, region)["authorization"].removeprefix("Bearer ")
    found = run(app_of(lived_in, keyring), key, examples=examples, phases=phases, known=known_to(lived_in, region))
    assert found.failures == [], "\n\n".join(found.failures[:10])
    assert {phase: found.phases[phase] for phase in phases} == dict.fromkeys(phases, Status.SUCCESS)
    check_nobody_was_asked_in_vain(found, role, region)
    assert lived_in.log.verify().seq > 0


def known_to(desk: Desk, region: str | None) -> dict[str, list[Any]]:
    """What a caller of that region may read."""
    lists = desk.log.lists(ListQuery(need_region=region))
    matches = desk.log.matches(MatchQuery(need_region=region))
    providers = desk.matcher.index.directory.providers
    return {
        "list_id": [one.list_id for one in lists],
        "match_id": [one.match_id for one in matches],
        "batch_id": sorted({batch for one in lists if (batch := desk.log.get(one.list_id).batch)}),
        "provider_id": [one.provider_id for one in providers],
        "call": [one.call_id for one in shipped_programme().calls],
        "application_id": [
            one.application.application_id for one in SqlProgramme(log_of(desk)).applications(ApplicationQuery(), region=region)
        ],
    }


def check_nobody_was_asked_in_vain(found: Found, role: Role | None, region: str | None) -> None:
    """Every route was asked, and let in whom it must and nobody else."""
    described = {f"{method} {path}": rule for (method, path), rule in RULES.items() if path in DESCRIBED or path[:3] == "/v1"}
    assert set(found.answers) == set(described)
    caller = None if role is None else Caller(name="a test", roles=frozenset({role}))
    for route, rule in described.items():
        if region is not None and route in FOR_ALL_REGIONS:
            assert found.answers[route] & {201, 409} == set(), route
        elif route in WITH_A_TOKEN:
            # Which tokens there are is told to nobody; tests/unit/service/http/test_api_links.py shows some.
            assert 403 in found.answers[route], route
        elif rule.public or (caller is not None and rule.admits(caller)):
            # 409: also who is let in cannot replay what was erased before.
            assert found.answers[route] & {200, 201, 409}, route
        else:
            refused = {401} if caller is None else {401, 403}
            assert found.answers[route] - {404, 405} <= refused, route


FOR_ALL_REGIONS = {"POST /v1/programme"}
"""Of one region nobody may, whatever the role."""
WITH_A_TOKEN = {"POST /v1/link", "POST /v1/link/answer"}
"""Open to whoever has a link, whatever key comes with it."""
DESCRIBED = ("/healthz", "/readyz", "/metrics")
