"""What is said to a caller who is not let in."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request, Response
from starlette.types import Scope

from embeddings.errors import Refusal
from service.api.problems import problem


class NotAdmitted(Exception):
    """A request that does not reach the application, and what is answered instead."""

    def __init__(self, status: int, title: str, refusal: Refusal, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.title, self.refusal, self.headers = status, title, refusal, dict(headers or {})
        super().__init__(str(refusal))

    def answer(self, scope: Scope) -> Response:
        """The problem document (RFC 9457), or a page."""
        refusal = self.refusal
        parts = {"place": refusal.place, "required": refusal.required, "found": refusal.found, "remedy": refusal.remedy}
        response = problem(Request(scope), self.status, self.title, str(refusal), **parts)
        response.headers.update(self.headers)
        return response
