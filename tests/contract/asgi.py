"""Asks an application as a server would, with every byte as it is given: clients would mend or refuse what is bad."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from tests.contract.bad_input import BadRequest


@dataclass
class Answer:
    """What came back; `status_code` 0 where nothing did."""

    status_code: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


async def ask(app: ASGIApp, request: BadRequest, *more: tuple[bytes, bytes], client: str = "10.0.0.1") -> Answer:
    """The answer to a request.

    Args:
        app: in this process.
        request: to be sent.
        more: headers beside its own.
        client: the address that it comes from.
    """
    path, _, query = request.target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "root_path": "",
        "query_string": query,
        "headers": [*more, *request.headers],
        "client": (client, 50_000),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    last = len(request.pieces) - 1
    incoming: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": request.cut_off or number < last}
        for number, piece in enumerate(request.pieces)
    ]
    answer = Answer()

    async def receive() -> Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            answer.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answer.content += message.get("body", b"")

    await app(scope, receive, send)
    return answer
