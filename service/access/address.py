"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from starlette.types import Scope


def address_of(scope: Scope) -> str:
    """The network address. Behind a proxy a header tells that, and may have anything else in it."""
    client = scope.get("client")
    try:
        return str(ipaddress.ip_address(str(client[0]).partition("%")[0])) if client else "unknown"
    except ValueError:
        return "unknown"
