"""Whether an address stays on this machine, and a guard against pages that pretend to.

DNS rebinding: a page on the web has its own name resolved to 127.0.0.1 and then reads what the service on that machine
answers. The browser still sends that page's name as `Host`, and that gives it away.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from embeddings.errors import Refusal, shown
from service.access.refusals import NotAdmitted

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a service that listens there is reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


class LoopbackHosts:
    """ASGI middleware of a service on loopback: only requests to a loopback name, or to one that was named, go on."""

    def __init__(self, app: ASGIApp, also: Collection[str] = ()) -> None:
        """`also`: names under which a proxy on this machine hands requests on."""
        self._app = app
        self._also = {name.lower() for name in also}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and self._is_ours(given[0]):
            await self._app(scope, receive, send)
            return
        found = shown(given[0]) if len(given) == 1 else f"{len(given)} names"
        remedy = "Call it as http://localhost. A proxy's own name must be made known to the service (CROSSMATCH_HOSTS)."
        refusal = Refusal("Host header", "name this machine: localhost, 127.0.0.1 or [::1]", found, remedy)
        await NotAdmitted(421, "Not this service", refusal).answer(scope)(scope, receive, send)

    def _is_ours(self, given: str) -> bool:
        form = _HOST.fullmatch(given)
        return form is not None and (is_loopback(form[1]) or form[1].lower() in self._also)
