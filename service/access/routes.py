"""Which rule a request falls under, by the application's own routes: what the gate sees is what will be called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope

from service.access.rules import RULES, Rule

NOBODY = Rule()
"""Admits no one: of a route that came in after the start and has no rule."""


class RulesIncomplete(RuntimeError):
    """A route without a rule, or a rule without a route: the service must not start."""


def rule_of(scope: Scope, rules: Mapping[tuple[str, str], Rule] = RULES) -> Rule | None:
    """The rule of the route that this request would call; `None` where it would call none (404 and 405)."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    for route in iter_route_contexts(scope["app"].routes):
        if route.matches(scope)[0] is Match.FULL:
            return rules.get((method, route.path_format or ""), NOBODY)
    return None


def check_every_route_has_a_rule(app: FastAPI, rules: Mapping[tuple[str, str], Rule] = RULES) -> None:
    """Return if routes and rules are the same. To be called when all routes are there.

    Raises:
        RulesIncomplete: names all routes without a rule and all rules without a route.
    """
    routes = {entry for route in iter_route_contexts(app.routes) for entry in _entries(route)}
    # Files served by FastAPI's `frontend` stand beside the routes, where the gate does not look.
    routes |= {("any method", str(route)) for route in getattr(app.router, "_low_priority_routes", ())}
    faults = [
        *(f"no rule for {method} {path}" for method, path in sorted(routes - rules.keys())),
        *(f"no route for the rule of {method} {path}" for method, path in sorted(rules.keys() - routes)),
    ]
    if faults:
        raise RulesIncomplete(f"{'; '.join(faults)}. Mend the table in service/access/rules.py.")


def _entries(route: RouteContext) -> Iterator[tuple[str, str]]:
    """Method and template. Mounts, WebSockets and routes for all methods have no method, and so never a rule."""
    methods = route.methods or {"any method"}
    for method in methods - {"HEAD"} if "GET" in methods else methods:
        yield method, route.path_format or str(route.path)
