"""The id under which a request is found again: in every log line, in the answer, on record."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers
from starlette.types import Scope

from service.access.keys import holds_key

REQUEST_ID = "x-request-id"
_USABLE = re.compile(r"[A-Za-z0-9._-]{1,100}")


def request_id_of(scope: Scope) -> str:
    """The request's id: the caller's own if it can stand in a log line, else a new one. The same at every call."""
    state: dict[str, object] = scope.setdefault("state", {})
    if "request_id" not in state:
        given = Headers(scope=scope).get(REQUEST_ID, "")
        # The id goes on record and into the log, where no key may stand.
        state["request_id"] = given if _USABLE.fullmatch(given) and not holds_key(given) else str(uuid.uuid4())
    return str(state["request_id"])
