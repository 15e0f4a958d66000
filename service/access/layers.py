"""What a request goes through before a route is called, from outside in.

    headers ─► unexpected errors ─► request id, body limit ─► host ─► gate ─► at once ─► route

The gate stands before the count of requests in progress: who is not let in takes nobody's place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fastapi import FastAPI

from service.access.gate import Gate
from service.access.headers import add_security_headers
from service.access.hosts import LoopbackHosts
from service.access.keyring import Keyring
from service.access.limits import ConcurrencyLimit, RateLimits
from service.access.link_route import link_routes
from service.access.local_link import LocalLink
from service.access.routes import check_every_route_has_a_rule
from service.access.sessions import Sessions
from service.api.body_limit import BodyLimit


def add_access(
    app: FastAPI,
    keyring: Keyring,
    *,
    link: LocalLink | None = None,
    hosts: Collection[str] = (),
    rates: RateLimits | None = None,
    at_once: int = 64,
    largest_body: int = 200_000,
    larger_bodies: Mapping[str, int] | None = None,
    sessions: Sessions | None = None,
) -> None:
    """Guard an application that has all its routes but `/open`, which is added here.

    Args:
        app: not started yet.
        keyring: who may come in from anywhere.
        link: of a service on loopback. It lets the local user in, and only requests to a loopback name.
        hosts: further names of a service on loopback, behind a proxy.
        rates: how often a caller may ask; the usual limits where it is not given.
        at_once: requests in progress at a time.
        largest_body: bytes of a body.
        larger_bodies: path → bytes, where that is more.
        sessions: of browsers that signed in with a key.

    Raises:
        RulesIncomplete: a route without a rule, or a rule without a route.
    """
    app.include_router(link_routes(link))
    check_every_route_has_a_rule(app)
    # The last one added is the outermost.
    app.add_middleware(ConcurrencyLimit, at_once=at_once)
    app.add_middleware(Gate, keyring=keyring, rates=rates or RateLimits(), link=link, sessions=sessions)
    if link is not None:
        app.add_middleware(LoopbackHosts, also=hosts)
    app.add_middleware(BodyLimit, largest=largest_body, larger=larger_bodies)
    add_security_headers(app)
