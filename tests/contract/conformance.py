"""Runs schemathesis over the whole interface as it describes itself, in this process, and tells what did not conform."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis import Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from starlette.types import ASGIApp, Receive, Scope, Send

SEED = 20260301

BEYOND_A_SCHEMA = {
    "be there once": "ids of an event's slots or participants, compared with each other",
    "end after it starts": "two moments of a slot, compared with each other",
    "start after slot": "moments of two slots, compared with each other",
    "name (participants|slots of the event)": "ids of an event, looked up in it",
    "have at least one (slot|company|provider)": "which sides the participants of an event are on",
    "have companies only": "the kind of an event and its participants, compared with each other",
    "have at most 200 slots": "how many slots an event has",
    "be no (more|greater) than": "two numbers of an event, compared with each other",
    "be a zone of the IANA list": "which time zones there are",
    "be of (two companies|a company and a provider)": "two participants of an event, looked up in it",
    "leave room for a plan": "whether the rules of an event can all hold",
    r"be \d+ rows of": "probabilities of a planned event and its participants, compared with each other",
    "hold meetings": "ids of a plan, looked up in its event",
    "keep the rules of its event": "whether a plan is one of its event",
    "(be version 1 as a draft|count from 1 to|be cancelled by version)": "versions of a plan, compared with each other",
    "be one of the event's": "ids of a change, looked up in the event",
    "(be in the plan|be of two meetings|break no rule of the event)": "meetings of a swap, looked up in the plan",
    "say what is to change": "whether one of several fields is filled in",
    "not be empty": "whether a text has more than blanks",
    "stand for one request only": "what came before under the Idempotency-Key",
    "stand for a request that is still on record": "whether the need of that request was erased",
    "be regions of the directory": "which regions the directory has",
    r"not have happened \(happened_on\) after today": "which day it is",
    "have at_least no greater than of_first": "two numbers of the request, compared with each other",
    "lie between the years 1 and 9999 in UTC": "a moment near the end of time, moved to another zone",
    r"tell (its|no) \w+ where it is": "fields of a step of an application, by its kind",
    "be for (criteria of the programme|every criterion)": "which criteria the rules in force have",
    r"lie between 0 and \d+": "how many points a criterion has by the rules in force",
    r"be one of the programme:": "which incentives the rules in force have",
    "tell each year once": "years of accounts, compared with each other",
    "be at most 50 percent where it is a partner": "two fields of a relation, compared with each other",
    "not be exempt where it is linked": "two fields of a relation, compared with each other",
    "close after it opens": "two moments of a call, compared with each other",
    "not overlap with region|name each place once": "catchments of regions, compared with each other",
    "name (incentives|regions) of the programme": "ids of the rules, looked up in them",
    "have call budgets of at most its own budget": "sums of the rules, compared with each other",
    r"have criteria for its \d": "whether there are criteria where there are assessors",
    "tell (the|no) (rating|result|anyway) in the survey": "fields of an answer, by its survey",
    "hold one of answer, entry, correction and leave": "which of several fields are filled in",
    "say something": "whether a text is more than blanks",
    "hold no token of a link": "whether a text holds a token",
    "name (a|the) correction that was asked for": "what a note answers, by its kind",
    "not be 'correction asked'": "who asks for corrections",
    "be of provider ": "ids of an entry, compared with each other and with the address",
    "be of no other provider": "which evidence the directory and the record have",
    "(name the region that looks after it|be the region that proposes it|stay )": "whose key it is, and what the entry was",
    "be the caller's own": "whose key it is",
}
"""Pattern of how what a refusal required begins → what decides that, which no JSON Schema can tell: data that is valid by the
schema may be refused for these reasons, and for no others."""

REFUSALS = [400, 401, 403, 404, 405, 408, 409, 413, 422]
"""Answers to data that is not valid by the schema. Not 429 and nothing from 500 on, which schemathesis would let pass."""


@dataclass
class Found:
    """What came of a run."""

    failures: list[str] = field(default_factory=list)
    answers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """`GET /v1/matches` → every status that it answered with."""
    requests: int = 0
    phases: dict[str, Status] = field(default_factory=dict)


class FromManyAddresses:
    """ASGI middleware: each request comes from another address, for attempts without a key are counted by address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            number = next(self._numbers)
            scope["client"] = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 50_000)
        await self._app(scope, receive, send)


def run(
    app: FastAPI, key: str | None, *, examples: int, phases: tuple[str, ...], known: Mapping[str, Sequence[str | int]]
) -> Found:
    """Every route that is described, with valid and invalid data.

    Args:
        app: in this process.
        key: of the caller; `None` for who has none.
        examples: requests of the random phases, per route or sequence.
        phases: of schemathesis, some of `examples`, `coverage`, `fuzzing`, `stateful`.
        known: parameter of paths, or `call` of queries → values that there are, to be asked for more often than those that
            there are not.
    """
    settings: dict[str, Any] = {
        "seed": SEED,
        "continue-on-failure": True,
        "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
        # Data from answers, or from the code itself, would differ at every run: each list has an id of its own.
        "analysis": {"constants": {"enabled": False}},
        "phases": {"enabled": False, **{phase: _enabled(phase) for phase in phases}},
        "dictionaries": {name: {"values": list(values)} for name, values in known.items()},
        "parameters": {f"{_place(name)}.{name}": {"dictionary": name, "probability": 0.8} for name in known},
        # Every check is on but two: response times depend on the machine, and for objects of others schemathesis wants users
        # that sign up by themselves (tests/unit/service/http/test_api_regions.py looks at those).
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
    }
    if key is not None:
        settings["auth"] = {"openapi": {"key": {"bearer": key}}}
    config = SchemathesisConfig.from_dict(settings)
    schema = schemathesis.openapi.from_asgi("/openapi.json", FromManyAddresses(app), config=config)
    schema.hook("filter_failure")(_is_the_schemas_business)
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _read(event, found)
        elif isinstance(event, events.PhaseFinished):
            found.phases[event.phase.name.value.lower()] = event.status
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.failures.append(f"schemathesis itself: {vars(event) if hasattr(event, '__dict__') else event.info.format()}")
    return found


def _place(name: str) -> str:
    return "query" if name == "call" else "path"


def _enabled(phase: str) -> dict[str, Any]:
    return {"enabled": True} | ({} if phase == "stateful" else {"extra-data-sources": {"responses": False}})


def _is_the_schemas_business(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    if "Schema-valid request rejected" not in failure.title:
        return True
    required = str(_document(response).get("required", ""))
    return not any(re.match(pattern, required) for pattern in BEYOND_A_SCHEMA)


def _document(response: Response) -> dict[str, Any]:
    try:
        document = json.loads(response.content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _read(event: events.ScenarioFinished, found: Found) -> None:
    recorder = event.recorder
    found.requests += len(recorder.interactions)
    for number, interaction in recorder.interactions.items():
        if interaction.response is not None and number in recorder.cases:
            found.answers[recorder.cases[number].value.operation.label].add(interaction.response.status_code)
    found.failures += _failures(event)


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for number, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                response = event.recorder.interactions[number].response
                said = "" if response is None else f"{response.status_code} {response.content[:500]!r}"
                failure = check.failure_info.failure
                sent = check.failure_info.code_sample[:1_000]
                yield f"{event.phase.value}: {check.name}: {failure.title}. {failure.message}\n  {sent}\n  answered {said}"
