"""The ceiling: a service of FastAPI and orjson that returns ten results of a list that it has in memory, and does nothing else.

python -m benchmarks.peers.bare_service PORT
"""

# No postponed annotations: FastAPI reads those of `ten` when the route is made.

import sys
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Response
from pydantic import BaseModel


class Asked(BaseModel):
    """As the body of a real request."""

    need: dict[str, Any]


class Ten(BaseModel):
    """As a real answer's."""

    list_id: str
    matches: list[dict[str, Any]]


def application() -> FastAPI:
    """One route, with a body that is checked and an answer that is written anew for each request."""
    app = FastAPI()
    results = [
        {
            "rank": rank,
            "provider_id": f"provider-{rank}",
            "name": f"Provider {rank}",
            "country": "NL",
            "city": "Eindhoven",
            "score": 1 / rank,
            "parts": [{"name": "text", "value": 0.5}, {"name": "border", "value": 0.5}],
            "evidence": [{"title": "A project of some years ago", "reference": "https://example.org/project", "year": 2022}]
            * 3,
        }
        for rank in range(1, 11)
    ]

    @app.post("/v1/match-lists", status_code=201)
    async def ten(asked: Asked) -> Response:
        answer = Ten(list_id=str(len(asked.need)), matches=results)
        return Response(orjson.dumps(answer.model_dump()), status_code=201, media_type="application/json")

    return app


if __name__ == "__main__":
    uvicorn.run(application(), port=int(sys.argv[1]), log_level="error", access_log=False)
