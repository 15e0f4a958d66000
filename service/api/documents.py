"""How the interface describes itself beyond what FastAPI sees: problem answers, examples, the caller's key."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from matcher.records import Record
from matcher.shipped import shipped_needs


class Problem(Record):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    place: str = ""
    required: str = ""
    found: str = ""
    remedy: str = ""
    problems: tuple[dict[str, str], ...] = ()
    """All that is wrong, or the first hundred, where more than one thing was looked at: each with place, required, found
    and remedy."""
    rule: str = ""
    """Of the programme: the name of the one that does not allow it."""
    rules: tuple[str, ...] = ()
    """Of an event: those that cannot all hold, or that a change or a plan breaks, in words."""


_BY_ANY = (401, 403, 429, 500, 503)
"""Answers that any route with a key may give: key, right, rate, a fault of the service, too many at once."""


def problems(*statuses: int, public: bool = False) -> dict[int | str, dict[str, Any]]:
    """The problem answers of a route, for its `responses`.

    Args:
        statuses: its own; those that any route may give come with them.
        public: whether it needs no key.
    """
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    every = {*statuses, 429, 500, 503} if public else {*statuses, *_BY_ANY}
    return {status: {"description": "See `detail`", "content": content} for status in sorted(every)}


def need_examples() -> dict[str, Any]:
    """Real sample needs, one a language."""
    first = {need.language: need for need in reversed(shipped_needs())}
    return {
        f"{language}: {need.title}": {"value": {"need": need.model_dump(mode="json", exclude_defaults=True), "k": 5}}
        for language, need in sorted(first.items())
        if language
    }


def describe(app: FastAPI, public: frozenset[tuple[str, str]]) -> None:
    """Add the problem schema, and the key that every route but the public ones needs, to the application's description.

    Args:
        app: with all its routes.
        public: method and path of those that need no key.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            bearer = {"type": "http", "scheme": "bearer", "description": "A key: `crossmatch keys create`"}
            schema["components"]["securitySchemes"] = {"key": bearer}
            for path, methods in schema["paths"].items():
                for method, operation in methods.items():
                    if (method.upper(), path) not in public:
                        operation["security"] = [{"key": []}]
                    for parameter in operation.get("parameters", ()):
                        parameter["schema"] = _without_null(parameter["schema"])
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that is not given is left out, and cannot be null as a field of JSON can."""
    given = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    return {**{name: told for name, told in schema.items() if name != "anyOf"}, **given[0]} if len(given) == 1 else schema
